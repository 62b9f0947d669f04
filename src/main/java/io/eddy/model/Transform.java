package io.eddy.model;

import io.eddy.series.Scaler;

/** What is done to a series' values before anything else, and undone to its forecasts. */
public enum Transform {
  /** Nothing. */
  NONE,

  /**
   * The natural logarithm, for series above 0 that change in proportion to their size: a tenth too
   * much then weighs the same by night and by day. Quantiles stay quantiles; a point is no longer
   * the mean. What is below a thousandth of the series' level, 0 and less too, counts as that.
   */
  LOG;

  /** e⁻⁷ is a thousandth, nearly. */
  private static final double DEPTH = 7;

  /** e⁸⁸ is near the largest float. */
  private static final double HIGHEST = 88;

  /** The one of that {@link #id}. */
  public static Transform of(String id) {
    return EnumIds.parse(Transform.class, "transform", id);
  }

  /** Name in model files and options. */
  public String id() {
    return EnumIds.of(this);
  }

  /** The transformed value; {@code scaler} has the level of the transformed ones so far. */
  public double apply(double value, Scaler scaler) {
    if (this == NONE) {
      return value;
    }
    double lowest = scaler.level() - DEPTH;
    if (!(value > 0)) {
      return lowest;
    }
    double log = Logarithm.log(value);
    return scaler.isEmpty() ? log : Math.max(lowest, log);
  }

  /** What {@link #invert} gives that forecast for; with logarithms it is above 0. */
  public double apply(float forecast) {
    return this == NONE ? forecast : Logarithm.log(Math.max(Float.MIN_VALUE, forecast));
  }

  /** The value that was transformed; of the largest numbers a finite one. */
  public double invert(double transformed) {
    return this == NONE ? transformed : Logarithm.exp(Math.min(HIGHEST, transformed));
  }
}
