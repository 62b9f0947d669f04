package io.eddy.kafka.verify;

/** A set of 64-bit hashes with open addressing, at most half full. */
final class HashSet64 {
  private static final int INITIAL_CAPACITY = 64;

  /** Shape (a power of two); 0 for an empty place. */
  private long[] places = new long[INITIAL_CAPACITY];

  private int size;

  void add(long hash) {
    if (2 * (size + 1) > places.length) {
      grow();
    }
    size += put(places, nonZero(hash)) ? 1 : 0;
  }

  boolean contains(long hash) {
    long wanted = nonZero(hash);
    int at = (int) wanted & (places.length - 1);
    while (places[at] != 0 && places[at] != wanted) {
      at = (at + 1) & (places.length - 1);
    }
    return places[at] == wanted;
  }

  private void grow() {
    long[] larger = new long[Math.multiplyExact(2, places.length)];
    for (long hash : places) {
      if (hash != 0) {
        var unused = put(larger, hash);
      }
    }
    places = larger;
  }

  private static boolean put(long[] places, long hash) {
    int at = (int) hash & (places.length - 1);
    while (places[at] != 0 && places[at] != hash) {
      at = (at + 1) & (places.length - 1);
    }
    boolean isNew = places[at] == 0;
    places[at] = hash;
    return isNew;
  }

  private static long nonZero(long hash) {
    return hash == 0 ? 1 : hash;
  }
}
