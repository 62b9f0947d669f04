package io.eddy.admission;

import java.time.Duration;

/**
 * What a series may do to its partition.
 *
 * @param clock when its clock is believed
 * @param most how many series there may be in a partition; {@code Integer.MAX_VALUE} for any
 * @param timeToLiveMs how long one may be silent, in its partition's time; {@code Long.MAX_VALUE}
 *     for any time
 */
public record SeriesLimits(TimestampGuard clock, int most, long timeToLiveMs) {
  /** A clock that is more than a year ahead is believed at its second observation. */
  public static final SeriesLimits DEFAULT =
      new SeriesLimits(TimestampGuard.of(Duration.ofDays(366)), Integer.MAX_VALUE, Long.MAX_VALUE);

  public SeriesLimits {
    if (most < 1) {
      throw new IllegalArgumentException("max-per-partition: expected at least 1, got " + most);
    }
    if (timeToLiveMs < ActiveSeriesCounter.SPANS) {
      throw new IllegalArgumentException(
          "time-to-live: expected at least %s, got %s"
              .formatted(
                  Duration.ofMillis(ActiveSeriesCounter.SPANS), Duration.ofMillis(timeToLiveMs)));
    }
  }

  /** The same with another clock. */
  public SeriesLimits with(TimestampGuard other) {
    return new SeriesLimits(other, most, timeToLiveMs);
  }

  /** The same with places for so many. */
  public SeriesLimits with(int other) {
    return new SeriesLimits(clock, other, timeToLiveMs);
  }

  /** Whether series are counted. */
  public boolean areCounted() {
    return most < Integer.MAX_VALUE || areTimed();
  }

  /** Whether a series ends that is silent for long. */
  public boolean areTimed() {
    return timeToLiveMs < Long.MAX_VALUE;
  }

  /** A census of no series. */
  public ActiveSeriesCounter census() {
    return new ActiveSeriesCounter(most, timeToLiveMs);
  }

  /** Why one that is new is refused where there are so many. */
  public String full() {
    return "series: there are %d, as many as series.max-per-partition allows, and this one is new"
        .formatted(most);
  }
}
