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
    Span span = span(series);
    return new TimeSplit(
        span.first() + span.steps() * train / 100, span.first() + span.steps() * validation / 100);
  }

  /**
   * The time of a data set.
   *
   * @param first grid index of the first step of any series
   * @param end grid index after the last step of any series
   */
  public record Span(long first, long end) {
    long steps() {
      return end - first;
    }
  }

  /**
   * Returns the time that the series span.
   *
   * @throws IllegalArgumentException if all series are empty
   */
  public static Span span(Collection<SteppedSeries> series) {
    long first = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (SteppedSeries s : series) {
      if (s.size() > 0) {
        first = Math.min(first, s.firstStep());
        end = Math.max(end, s.firstStep() + s.size());
      }
    }
    if (first >= end) {
      throw new IllegalArgumentException("no observations to train on");
    }
    return new Span(first, end);
  }
}
