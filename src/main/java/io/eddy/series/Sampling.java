package io.eddy.series;

import java.time.Duration;

/**
 * The regular grid to which observations are aggregated.
 *
 * @param interval length of a step
 * @param aggregation function that reduces a step's observations to its value
 * @param maxGapSteps maximum number of consecutive missing steps that are imputed; a longer gap
 *     restarts the series
 * @param gaps imputation method for missing steps
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

  /** Creates a grid whose missing steps repeat the last value. */
  public Sampling(Duration interval, Aggregation aggregation, int maxGapSteps) {
    this(interval, aggregation, maxGapSteps, GapFilling.LAST);
  }

  /** Returns whether {@code other} has the same interval and aggregation. */
  public boolean isSameGrid(Sampling other) {
    return interval.equals(other.interval) && aggregation == other.aggregation;
  }

  /** Returns the index, counted from the epoch, of the step that contains {@code timestampMs}. */
  public long stepOf(long timestampMs) {
    return Math.floorDiv(timestampMs, interval.toMillis());
  }

  /** Returns the start of a step, epoch milliseconds. */
  public long startMs(long step) {
    return step * interval.toMillis();
  }
}
