package io.eddy.training;

import io.eddy.series.SteppedSeries;
import java.util.Collection;

/**
 * A split by time: training up to {@code trainEnd}, validation up to {@code validationEnd}, the
 * rest untouched until the end. Grid indices, exclusive. Where both are the same there is no
 * validation part: all of it is learnt from, for as many epochs as are asked for.
 */
public record TimeSplit(long trainEnd, long validationEnd) {
  /** Whether there is a validation part. */
  public boolean hasValidation() {
    return validationEnd > trainEnd;
  }

  /** Splits the time that the series span: 70 % training, 15 % validation, 15 % test. */
  public static TimeSplit of(Collection<SteppedSeries> series) {
    return of(series, 70, 85);
  }

  /** Splits a past of which nothing is kept back: 85 % training, the last 15 % validation. */
  public static TimeSplit withoutTest(Collection<SteppedSeries> series) {
    return of(series, 85, 100);
  }

  private static TimeSplit of(Collection<SteppedSeries> series, int train, int validation) {
    long first = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (SteppedSeries one : series) {
      if (one.size() > 0) {
        first = Math.min(first, one.firstStep());
        end = Math.max(end, one.firstStep() + one.size());
      }
    }
    if (first >= end) {
      throw new IllegalArgumentException("no observations to train on");
    }
    long span = end - first;
    return new TimeSplit(first + span * train / 100, first + span * validation / 100);
  }
}
