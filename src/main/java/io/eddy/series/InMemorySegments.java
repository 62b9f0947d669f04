package io.eddy.series;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** In-memory segment store for training, backtests and tests. */
public final class InMemorySegments implements SegmentStore {
  private final Map<Long, Segment> segments = new HashMap<>();

  @Override
  public @Nullable Segment read(long number) {
    return segments.get(number);
  }

  @Override
  public void write(long number, Segment segment) {
    segments.put(number, segment);
  }

  @Override
  public void delete(long number) {
    segments.remove(number);
  }
}
