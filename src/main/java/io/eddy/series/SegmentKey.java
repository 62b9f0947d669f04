package io.eddy.series;

import io.eddy.series.store.StoreKey;

/**
 * The key of a full segment of a series' window.
 *
 * @param number of the segment, from 0
 */
public record SegmentKey(long number) implements StoreKey<Segment> {
  @Override
  public Class<Segment> valueType() {
    return Segment.class;
  }
}
