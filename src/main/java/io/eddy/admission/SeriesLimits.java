package io.eddy.admission;

import java.time.Duration;

/**
 * Limits for the series of a partition.
 *
 * @param timestampGuard rejects implausible timestamps
 * @param maxSeries maximum number of series; {@code Integer.MAX_VALUE} for no limit
 * @param timeToLiveMs how long a series may have no event, in its partition's time, before it is
 *     deleted; {@code Long.MAX_VALUE} for no limit
 */
public record SeriesLimits(TimestampGuard timestampGuard, int maxSeries, long timeToLiveMs) {
  /** Rejects timestamps more than a year ahead. */
  public static final SeriesLimits DEFAULT =
      new SeriesLimits(TimestampGuard.of(Duration.ofDays(366)), Integer.MAX_VALUE, Long.MAX_VALUE);

  public SeriesLimits {
    if (maxSeries < 1) {
      throw new IllegalArgumentException(
          "max-per-partition: expected at least 1, got " + maxSeries);
    }
    if (timeToLiveMs < ActiveSeriesCounter.SPANS) {
      throw new IllegalArgumentException(
          "time-to-live: expected at least %s, got %s"
              .formatted(
                  Duration.ofMillis(ActiveSeriesCounter.SPANS), Duration.ofMillis(timeToLiveMs)));
    }
  }

  /** Returns these limits with another timestamp guard. */
  public SeriesLimits with(TimestampGuard other) {
    return new SeriesLimits(other, maxSeries, timeToLiveMs);
  }

  /** Returns these limits with another maximum number of series. */
  public SeriesLimits with(int otherMaxSeries) {
    return new SeriesLimits(timestampGuard, otherMaxSeries, timeToLiveMs);
  }

  /** Returns whether active series have to be counted. */
  public boolean isCounting() {
    return maxSeries < Integer.MAX_VALUE || isExpiring();
  }

  /** Returns whether series without events are deleted. */
  public boolean isExpiring() {
    return timeToLiveMs < Long.MAX_VALUE;
  }

  /** Returns a counter of no series. */
  public ActiveSeriesCounter newCounter() {
    return new ActiveSeriesCounter(maxSeries, timeToLiveMs);
  }

  /** Returns why new series are rejected when the partition is full. */
  public String fullReason() {
    return "series: the partition has %d series, as many as series.max-per-partition allows"
        .formatted(maxSeries);
  }
}
