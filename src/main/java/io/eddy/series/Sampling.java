package io.eddy.series;

import java.time.Duration;

/**
 * The grid that observations are gathered on.
 *
 * @param interval length of one step
 * @param aggregation how a step's observations become one value
 * @param maxGapSteps missing steps in a row that are imputed; a longer gap starts the series anew
 * @param gaps what they are imputed by
 */
public record Sampling(
    Duration interval, Aggregation aggregation, int maxGapSteps, GapFilling gaps) {
  public Sampling {
    if (interval.toMillis() < 1) {
      throw new IllegalArgumentException("interval: expected at least PT0.001S, got " + interval);
    }
    if (maxGapSteps < 0) {
      throw new IllegalArgumentException("maxGapSteps: expected at least 0, got " + maxGapSteps);
    }
  }

  /** A grid whose gaps are filled in with the last value. */
  public Sampling(Duration interval, Aggregation aggregation, int maxGapSteps) {
    this(interval, aggregation, maxGapSteps, GapFilling.LAST);
  }

  /** Whether steps of {@code other} mean the same: interval and aggregation are equal. */
  public boolean isSameGrid(Sampling other) {
    return interval.equals(other.interval) && aggregation == other.aggregation;
  }

  /** The step that holds {@code timestampMs}, counted from the epoch. */
  public long stepOf(long timestampMs) {
    return Math.floorDiv(timestampMs, interval.toMillis());
  }

  /** Where step {@code step} begins, epoch milliseconds. */
  public long startMs(long step) {
    return step * interval.toMillis();
  }
}
