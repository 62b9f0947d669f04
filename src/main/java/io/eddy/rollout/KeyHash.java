package io.eddy.rollout;

/**
 * Where a key has its place among a million, by which shares of the keys are drawn.
 *
 * <p>The key's bytes in UTF-8 are hashed by 64-bit FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo): from h
 * = cbf29ce484222325, for each byte b, h ← (h xor b) · 100000001b3 modulo 2^64. Its high bits say
 * little about short keys, so the finalizer of MurmurHash3 (A. Appleby) follows: h ← h xor (h ≫
 * 33), h ← h · ff51afd7ed558ccd, h ← h xor (h ≫ 33), h ← h · c4ceb9fe1a85ec53, h ← h xor (h ≫ 33).
 * With u the upper 32 bits of h, the place is ⌊u · 1,000,000 / 2^32⌋; with v the lower 32 bits, its
 * delay in a span of D milliseconds is ⌊v · D / 2^32⌋. It takes no seed, so place and delay of a
 * key never change, and one says nothing of the other.
 */
final class KeyHash {
  /** How many places there are. */
  static final int PLACES = 1_000_000;

  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private KeyHash() {}

  /** The place of a key, from 0. */
  static int place(String key) {
    return (int) (((hash(key) >>> 32) * PLACES) >>> 32);
  }

  /** When in a span of fewer than 2^32 milliseconds a key has its turn, from 0. */
  static long delay(String key, long spanMs) {
    return ((hash(key) & 0xffffffffL) * spanMs) >>> 32;
  }

  /** The hash of a key. Makes no bytes of it, since it is asked for with every event. */
  static long hash(String key) {
    long h = OFFSET_BASIS;
    for (int i = 0; i < key.length(); i++) {
      char unit = key.charAt(i);
      if (!Character.isSurrogate(unit)) {
        h = character(h, unit);
      } else if (i + 1 < key.length() && Character.isSurrogatePair(unit, key.charAt(i + 1))) {
        h = character(h, Character.toCodePoint(unit, key.charAt(++i)));
      } else {
        // Half a character: what Java encodes it as.
        h = mix(h, '?');
      }
    }
    return finish(h);
  }

  /** The bytes of a character. */
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
