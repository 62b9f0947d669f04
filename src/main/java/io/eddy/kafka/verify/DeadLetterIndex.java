package io.eddy.kafka.verify;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The events that went to the dead letters, by where they stand. */
public final class DeadLetterIndex {
  private final boolean isCut;
  private final Map<Integer, BitSet> offsets = new HashMap<>();

  /** Series by the position of an event of which others were not refused. */
  private final Map<TopicPosition, Set<String>> parts = new HashMap<>();

  private record TopicPosition(int partition, long offset) {}

  /**
   * None yet.
   *
   * @param isCut whether dead letters were deleted, so that what is missing here may have been
   *     there
   */
  public DeadLetterIndex(boolean isCut) {
    this.isCut = isCut;
  }

  public void add(int partition, long offset) {
    if (offset >= 0 && offset <= Integer.MAX_VALUE) {
      offsets.computeIfAbsent(partition, p -> new BitSet()).set((int) offset);
    }
  }

  /** Takes an event of which only these series were refused. */
  public void add(int partition, long offset, Set<String> series) {
    parts.merge(
        new TopicPosition(partition, offset),
        series,
        (before, more) -> {
          Set<String> all = new HashSet<>(before);
          all.addAll(more);
          return all;
        });
  }

  boolean contains(int partition, long offset, String series) {
    BitSet there = offsets.get(partition);
    return (there != null && offset <= Integer.MAX_VALUE && there.get((int) offset))
        || parts.getOrDefault(new TopicPosition(partition, offset), Set.of()).contains(series);
  }

  /** Whether a series' event is, or may have been, among the dead letters. */
  boolean mayContain(int partition, long offset, String series) {
    return isCut || offset > Integer.MAX_VALUE || contains(partition, offset, series);
  }
}
