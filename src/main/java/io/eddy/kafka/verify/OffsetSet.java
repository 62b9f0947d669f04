package io.eddy.kafka.verify;

import java.util.HashMap;
import java.util.Map;

/**
 * A set of offsets: bits in blocks of {@value #BLOCK}, of which only those with an offset exist.
 */
final class OffsetSet {
  private static final int BLOCK = 1024;

  private final Map<Long, long[]> blocks = new HashMap<>();

  void add(long offset) {
    long[] block =
        blocks.computeIfAbsent(Math.floorDiv(offset, BLOCK), number -> new long[BLOCK / Long.SIZE]);
    block[Math.floorMod(offset, BLOCK) / Long.SIZE] |= 1L << offset;
  }

  boolean contains(long offset) {
    long[] block = blocks.get(Math.floorDiv(offset, BLOCK));
    return block != null && (block[Math.floorMod(offset, BLOCK) / Long.SIZE] & (1L << offset)) != 0;
  }
}
