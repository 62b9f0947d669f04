package io.eddy.series;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Segments of another store; what is written here stays on the heap and hides what is there. */
final class OverlaySegments implements SegmentStore {
  private final SegmentStore under;
  private final Map<Long, @Nullable Segment> written = new HashMap<>();

  OverlaySegments(SegmentStore under) {
    this.under = under;
  }

  @Override
  public @Nullable Segment read(long number) {
    return written.containsKey(number) ? written.get(number) : under.read(number);
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
