package io.eddy.series;

import org.jspecify.annotations.Nullable;

/** Stores the full segments of one series by number. */
public interface SegmentStore {
  /** Returns a segment, or null if it was never written or has been deleted. */
  @Nullable Segment read(long number);

  /** Stores a full segment. The caller must not modify it afterwards. */
  void write(long number, Segment segment);

  void delete(long number);
}
