package io.eddy.stream;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** The events that went to the dead letters, by where they stand. */
final class DeadEvents {
  private final boolean isCut;
  private final Map<Integer, BitSet> offsets = new HashMap<>();

  /**
   * None yet.
   *
   * @param isCut whether dead letters were deleted, so that what is missing here may have been
   *     there
   */
  DeadEvents(boolean isCut) {
    this.isCut = isCut;
  }

  void add(int partition, long offset) {
    if (offset >= 0 && offset <= Integer.MAX_VALUE) {
      offsets.computeIfAbsent(partition, p -> new BitSet()).set((int) offset);
    }
  }

  boolean contains(int partition, long offset) {
    BitSet there = offsets.get(partition);
    return there != null && offset <= Integer.MAX_VALUE && there.get((int) offset);
  }

  /** Whether the event is, or may have been, among the dead letters. */
  boolean mayContain(int partition, long offset) {
    return isCut || offset > Integer.MAX_VALUE || contains(partition, offset);
  }
}
