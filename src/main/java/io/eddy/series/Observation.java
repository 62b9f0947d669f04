package io.eddy.series;

import java.util.Objects;

/**
 * One measurement of one series.
 *
 * @param series the series' name, which is the Kafka key
 * @param timestampMs time of the measurement, epoch milliseconds
 * @param value measured value within ±{@value #MAX_VALUE}, in the series' own unit
 * @param covariates past covariates of the observation
 * @param futureCovariates covariates known for the following steps
 */
public record Observation(
    String series,
    long timestampMs,
    double value,
    Covariates covariates,
    FutureCovariates futureCovariates) {
  /** Maximum absolute value. It leaves forecasts headroom below the float32 maximum of 3.4e38. */
  public static final double MAX_VALUE = 1e35;

  public Observation {
    Objects.requireNonNull(series, "series");
    if (!isInRange(value)) {
      throw new IllegalArgumentException("value: expected a number within ±1e35, got " + value);
    }
  }

  /** Creates an observation without future covariates. */
  public Observation(String series, long timestampMs, double value, Covariates covariates) {
    this(series, timestampMs, value, covariates, FutureCovariates.NONE);
  }

  /** Creates an observation without covariates. */
  public Observation(String series, long timestampMs, double value) {
    this(series, timestampMs, value, Covariates.NONE);
  }

  /** Returns a copy with the given value. */
  public Observation withValue(double value) {
    return new Observation(series, timestampMs, value, covariates, futureCovariates);
  }

  /** Returns a copy with the given timestamp. */
  public Observation withTimestampMs(long timestampMs) {
    return new Observation(series, timestampMs, value, covariates, futureCovariates);
  }

  /** Returns a copy with the given future covariates. */
  public Observation withFutureCovariates(FutureCovariates ahead) {
    return new Observation(series, timestampMs, value, covariates, ahead);
  }

  /** Returns whether a value is finite and its absolute value is at most {@link #MAX_VALUE}. */
  public static boolean isInRange(double value) {
    return Math.abs(value) <= MAX_VALUE;
  }
}
