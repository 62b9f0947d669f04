package io.eddy.model;

import io.eddy.series.Scaler;

/** Transform of a series' values before scaling, inverted for its forecasts. */
public enum Transform {
  /** Identity. */
  NONE,

  /**
   * Natural logarithm, for positive series whose changes are proportional to their level. Quantiles
   * remain quantiles; a point forecast is no longer the mean. Values below a thousandth of the
   * series' level, including 0 and negative ones, are raised to it.
   */
  LOG;

  /** Lower bound relative to the level: e⁻⁷ is about a thousandth. */
  private static final double MAX_DEPTH = 7;

  /** Upper bound: e⁸⁸ is close to the largest float. */
  private static final double MAX_LOG = 88;

  /** Returns the transform with this {@link #id}. */
  public static Transform of(String id) {
    return EnumIds.parse(Transform.class, "transform", id);
  }

  /** Returns the name in model files and options. */
  public String id() {
    return EnumIds.of(this);
  }

  /** Transforms a value; {@code scaler} holds the level of the transformed values so far. */
  public double apply(double value, Scaler scaler) {
    if (this == NONE) {
      return value;
    }
    double lowest = scaler.level() - MAX_DEPTH;
    if (!(value > 0)) {
      return lowest;
    }
    double log = Logarithm.log(value);
    return scaler.isEmpty() ? log : Math.max(lowest, log);
  }

  /** Transforms a forecast, the inverse of {@link #invert}. */
  public double apply(double forecast) {
    return this == NONE ? forecast : Logarithm.log(Math.max(Float.MIN_VALUE, forecast));
  }

  /** Inverts the transform. The result is finite, also for very large arguments. */
  public double invert(double transformed) {
    return this == NONE ? transformed : Logarithm.exp(Math.min(MAX_LOG, transformed));
  }
}
