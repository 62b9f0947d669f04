package io.eddy.kafka.verify;

import io.eddy.series.Observation;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The dead-lettered events, by partition and offset. */
public final class DeadLetterIndex {
  private final boolean isTruncated;
  private final Map<Integer, BitSet> offsets = new HashMap<>();

  /** The rejected series of events whose other series were accepted. */
  private final Map<EventPosition, Set<String>> rejectedSeries = new HashMap<>();

  private record EventPosition(int partition, long offset) {}

  /** The dead letters of one partition. */
  record Partition(DeadLetterIndex index, int partition) {
    boolean contains(long offset, Observation event) {
      return index.contains(partition, offset, event.series());
    }

    boolean mayContain(long offset, Observation event) {
      return index.mayContain(partition, offset, event.series());
    }
  }

  /**
   * Creates an empty index.
   *
   * @param isTruncated whether retention deleted dead letters, so that the index may be incomplete
   */
  public DeadLetterIndex(boolean isTruncated) {
    this.isTruncated = isTruncated;
  }

  Partition partition(int partition) {
    return new Partition(this, partition);
  }

  /** Adds an event that was rejected as a whole. */
  public void add(int partition, long offset) {
    if (offset >= 0 && offset <= Integer.MAX_VALUE) {
      offsets.computeIfAbsent(partition, p -> new BitSet()).set((int) offset);
    }
  }

  /** Adds an event of which only {@code series} were rejected. */
  public void add(int partition, long offset, Set<String> series) {
    rejectedSeries.merge(
        new EventPosition(partition, offset),
        series,
        (before, more) -> {
          Set<String> all = new HashSet<>(before);
          all.addAll(more);
          return all;
        });
  }

  boolean contains(int partition, long offset, String series) {
    BitSet rejected = offsets.get(partition);
    return (rejected != null && offset <= Integer.MAX_VALUE && rejected.get((int) offset))
        || rejectedSeries
            .getOrDefault(new EventPosition(partition, offset), Set.of())
            .contains(series);
  }

  /** Whether a series' event is, or may have been, a dead letter. */
  boolean mayContain(int partition, long offset, String series) {
    return isTruncated || offset > Integer.MAX_VALUE || contains(partition, offset, series);
  }
}
