package io.eddy.series;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Copy-on-write view of another segment store. Writes and deletions stay in memory and take
 * precedence over the underlying store.
 */
final class OverlaySegments implements SegmentStore {
  private final SegmentStore base;
  private final Map<Long, @Nullable Segment> written = new HashMap<>();

  OverlaySegments(SegmentStore base) {
    this.base = base;
  }

  @Override
  public @Nullable Segment read(long number) {
    return written.containsKey(number) ? written.get(number) : base.read(number);
  }

  @Override
  public void write(long number, Segment segment) {
    written.put(number, segment);
  }

  @Override
  public void delete(long number) {
    written.put(number, null);
  }
}
