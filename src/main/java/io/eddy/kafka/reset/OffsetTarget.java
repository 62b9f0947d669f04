package io.eddy.kafka.reset;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The position of the events topic from which processing continues after a reset. */
public sealed interface OffsetTarget {
  /** The first record of each partition. */
  record Earliest() implements OffsetTarget {}

  /** The end of each partition: only records written after the reset are processed. */
  record Latest() implements OffsetTarget {}

  /** The first record of each partition whose timestamp is not before a time. */
  record Time(Instant from) implements OffsetTarget {}

  /**
   * Given offsets.
   *
   * @param offsets by partition; must contain every partition of the topic
   */
  record Offsets(SortedMap<Integer, Long> offsets) implements OffsetTarget {
    public Offsets(Map<Integer, Long> offsets) {
      this(new TreeMap<>(offsets));
    }
  }

  /** Returns whether events may be processed again. */
  default boolean isRewinding() {
    return !(this instanceof Latest);
  }
}
