package io.eddy.series;

import org.jspecify.annotations.Nullable;

/** Where the full segments of one series are kept, by number. */
public interface SegmentStore {
  /** The segment, or null where it was never written or is deleted. */
  @Nullable Segment read(long number);

  /** Keeps a full segment; the caller no longer changes it. */
  void write(long number, Segment segment);

  void delete(long number);
}
