package io.eddy.series;

import java.util.Objects;

/**
 * One raw event of one sensor.
 *
 * @param series the sensor, the Kafka key
 * @param timestampMs when it was measured, epoch milliseconds
 * @param value what was measured, within ±{@value #MAX_VALUE}, in the sensor's own unit
 * @param covariates what came with it
 * @param futureCovariates what was known of the steps after it
 */
public record Observation(
    String series,
    long timestampMs,
    double value,
    Covariates covariates,
    FutureCovariates futureCovariates) {
  /** Largest value: a forecast is a float32, which ends at 3.4e38, and may go beyond what was. */
  public static final double MAX_VALUE = 1e35;

  public Observation {
    Objects.requireNonNull(series, "series");
    if (!isInRange(value)) {
      throw new IllegalArgumentException("value: expected a number within ±1e35, got " + value);
    }
  }

  /** A value of which nothing is known ahead. */
  public Observation(String series, long timestampMs, double value, Covariates covariates) {
    this(series, timestampMs, value, covariates, FutureCovariates.NONE);
  }

  /** A value alone. */
  public Observation(String series, long timestampMs, double value) {
    this(series, timestampMs, value, Covariates.NONE);
  }

  /** The same at another time. */
  public Observation withTimestampMs(long timestampMs) {
    return new Observation(series, timestampMs, value, covariates, futureCovariates);
  }

  /** The same with another look-ahead. */
  public Observation withFutureCovariates(FutureCovariates ahead) {
    return new Observation(series, timestampMs, value, covariates, ahead);
  }

  /** Whether a series may have the value: it is finite and at most {@link #MAX_VALUE} in size. */
  public static boolean isInRange(double value) {
    return Math.abs(value) <= MAX_VALUE;
  }
}
