package io.eddy.training;

import io.eddy.series.SteppedSeries;
import java.util.Collection;

/**
 * A split by time into training, validation and test part.
 *
 * @param trainEnd grid index of the end of the training part, exclusive
 * @param validationEnd grid index of the end of the validation part, exclusive; equal to {@code
 *     trainEnd} if there is no validation part, in which case training runs for the configured
 *     number of epochs
 */
public record TimeSplit(long trainEnd, long validationEnd) {
  /** Returns whether there is a validation part. */
  boolean hasValidation() {
    return validationEnd > trainEnd;
  }

  /** Splits the time span of the series: 70 % training, 15 % validation, 15 % test. */
  public static TimeSplit of(Collection<SteppedSeries> series) {
    return of(series, 70, 85);
  }

  /** Splits the time span of the series without a test part: 85 % training, 15 % validation. */
  public static TimeSplit withoutTest(Collection<SteppedSeries> series) {
    return of(series, 85, 100);
  }

  private static TimeSplit of(Collection<SteppedSeries> series, int train, int validation) {
    long first = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (SteppedSeries each : series) {
      if (each.size() > 0) {
        first = Math.min(first, each.firstStep());
        end = Math.max(end, each.firstStep() + each.size());
      }
    }
    if (first >= end) {
      throw new IllegalArgumentException("no observations to train on");
    }
    long span = end - first;
    return new TimeSplit(first + span * train / 100, first + span * validation / 100);
  }
}
