package io.eddy.rollout;

/**
 * A hash that maps a key to one of a million buckets, by which {@link Scope.Share} selects series.
 *
 * <p>The key's bytes in UTF-8 are hashed by 64-bit FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo): from h
 * = cbf29ce484222325, for each byte b, h ← (h xor b) · 100000001b3 modulo 2^64. Its high bits are
 * poorly mixed for short keys, so the finalizer of MurmurHash3 (A. Appleby) follows: h ← h xor (h ≫
 * 33), h ← h · ff51afd7ed558ccd, h ← h xor (h ≫ 33), h ← h · c4ceb9fe1a85ec53, h ← h xor (h ≫ 33).
 * With u the upper 32 bits of h, the bucket is ⌊u · 1,000,000 / 2^32⌋. With v the lower 32 bits,
 * the delay in a period of D milliseconds is ⌊v · D / 2^32⌋. There is no seed, so bucket and delay
 * of a key never change, and they are independent.
 */
final class KeyHash {
  /** Number of buckets. */
  static final int BUCKETS = 1_000_000;

  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private KeyHash() {}

  /** Returns the bucket of a key, from 0. */
  static int bucket(String key) {
    return (int) (((hash(key) >>> 32) * BUCKETS) >>> 32);
  }

  /** Returns the delay of a key in a period of less than 2^32 ms, from 0. */
  static long delay(String key, long periodMs) {
    return ((hash(key) & 0xffffffffL) * periodMs) >>> 32;
  }

  /** Returns the hash of a key. Allocates nothing, because it is computed for every event. */
  static long hash(String key) {
    long h = OFFSET_BASIS;
    for (int i = 0; i < key.length(); i++) {
      char unit = key.charAt(i);
      if (!Character.isSurrogate(unit)) {
        h = character(h, unit);
      } else if (i + 1 < key.length() && Character.isSurrogatePair(unit, key.charAt(i + 1))) {
        h = character(h, Character.toCodePoint(unit, key.charAt(++i)));
      } else {
        // An unpaired surrogate, which Java encodes as a question mark.
        h = mix(h, '?');
      }
    }
    return finish(h);
  }

  /** Mixes the UTF-8 bytes of a code point. */
  private static long character(long h, int codePoint) {
    if (codePoint < 0x80) {
      return mix(h, codePoint);
    }
    if (codePoint < 0x800) {
      return tail(mix(h, 0xc0 | (codePoint >> 6)), codePoint);
    }
    if (codePoint < 0x10000) {
      return tail(tail(mix(h, 0xe0 | (codePoint >> 12)), codePoint >> 6), codePoint);
    }
    long begun = tail(mix(h, 0xf0 | (codePoint >> 18)), codePoint >> 12);
    return tail(tail(begun, codePoint >> 6), codePoint);
  }

  private static long tail(long h, int bits) {
    return mix(h, 0x80 | (bits & 0x3f));
  }

  private static long mix(long h, int octet) {
    return (h ^ octet) * PRIME;
  }

  private static long finish(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
