package io.eddy.series;

import java.time.Duration;
import java.time.ZoneId;

/**
 * The regular grid to which observations are aggregated.
 *
 * @param interval steps of the grid
 * @param aggregation function that reduces a step's observations to its value
 * @param maxGapSteps maximum number of consecutive missing steps that are imputed; a longer gap
 *     restarts the series
 * @param gaps imputation method for missing steps
 * @param zone of the calendar covariates; that of the interval, unless the interval is fixed
 */
public record Sampling(
    Interval interval, Aggregation aggregation, int maxGapSteps, GapFilling gaps, ZoneId zone) {
  public Sampling {
    zone = LocalTimes.normalized(zone);
    if (maxGapSteps < 0) {
      throw new IllegalArgumentException("maxGapSteps: expected at least 0, got " + maxGapSteps);
    }
    if (!interval.isFixed() && !interval.zone().equals(zone)) {
      throw new IllegalArgumentException(
          "zone: expected that of the interval %s, got %s".formatted(interval, zone));
    }
  }

  /** Creates a grid whose calendar covariates are in the zone of the interval. */
  public Sampling(Interval interval, Aggregation aggregation, int maxGapSteps, GapFilling gaps) {
    this(interval, aggregation, maxGapSteps, gaps, interval.zone());
  }

  /** Creates a grid whose missing steps repeat the last value. */
  public Sampling(Interval interval, Aggregation aggregation, int maxGapSteps) {
    this(interval, aggregation, maxGapSteps, GapFilling.LAST);
  }

  /** Creates a grid of a fixed interval whose missing steps repeat the last value. */
  public Sampling(Duration interval, Aggregation aggregation, int maxGapSteps) {
    this(Interval.of(interval), aggregation, maxGapSteps);
  }

  /** Returns whether {@code other} has the same interval and aggregation. */
  public boolean isSameGrid(Sampling other) {
    return interval.equals(other.interval) && aggregation == other.aggregation;
  }

  /** Returns the number of the step that contains {@code timestampMs}. */
  public long stepOf(long timestampMs) {
    return interval.stepOf(timestampMs);
  }

  /** Returns the start of a step, epoch milliseconds. */
  public long startMs(long step) {
    return interval.startMs(step);
  }

  /** Returns the local time of a step's start, as the epoch milliseconds of that time in UTC. */
  public long localStartMs(long step) {
    return LocalTimes.localMs(interval.startMs(step), zone);
  }
}
