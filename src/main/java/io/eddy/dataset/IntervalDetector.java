package io.eddy.dataset;

import io.eddy.series.Interval;
import java.util.List;
import java.util.stream.LongStream;

/** Detects the sampling interval of data. */
public final class IntervalDetector {
  private static final int MAX_OBSERVATIONS_PER_SERIES = 200;

  private IntervalDetector() {}

  /**
   * Returns the median distance between consecutive observations of a series, over the first
   * {@value #MAX_OBSERVATIONS_PER_SERIES} observations of each.
   *
   * @throws IllegalArgumentException if no series has two observations at different times
   */
  public static Interval detect(List<SeriesData> series) {
    long[] distancesMs =
        series.stream()
            .flatMapToLong(IntervalDetector::distancesMs)
            .filter(distanceMs -> distanceMs > 0)
            .sorted()
            .toArray();
    if (distancesMs.length == 0) {
      throw new IllegalArgumentException(
          "no series has two observations at different times: the interval is unknown");
    }
    return Interval.ofMillis(distancesMs[distancesMs.length / 2]);
  }

  private static LongStream distancesMs(SeriesData series) {
    long[] timesMs = series.timestampsMs();
    return LongStream.range(1, Math.min(timesMs.length, MAX_OBSERVATIONS_PER_SERIES))
        .map(i -> timesMs[(int) i] - timesMs[(int) i - 1]);
  }
}
