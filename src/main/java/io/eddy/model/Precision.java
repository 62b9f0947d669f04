package io.eddy.model;

import java.math.BigDecimal;

/**
 * The precision of a forecast's values. Float32 has 24 bits, which are enough for a net's outputs,
 * but not for values of a large level and a small variation, such as 1.7e9 ± 5.
 */
public enum Precision {
  /** Values are rounded to float32. */
  FLOAT32,

  /** Values are float64. */
  FLOAT64;

  /** Largest distance of adjacent float32 values, in units of the net's corrections. */
  private static final double MAX_SPACING = 0x1p-10;

  /**
   * Returns float32 if it is fine enough for a series, otherwise float64.
   *
   * @param level of the series, in its own unit
   * @param unit of the net's corrections at that level, in the unit of the series
   */
  static Precision of(double level, double unit) {
    return Math.ulp((float) level) <= MAX_SPACING * unit ? FLOAT32 : FLOAT64;
  }

  /**
   * Returns a value as a {@link Float} if float32 can represent it, otherwise as a {@link
   * BigDecimal}. Both are written with the digits that they need.
   */
  public static Number number(double value) {
    float rounded = (float) value;
    return rounded == value || !Double.isFinite(value)
        ? (Number) rounded
        : (Number) BigDecimal.valueOf(value);
  }

  /** Rounds a value. */
  public double round(double value) {
    return this == FLOAT32 ? (float) value : value;
  }

  /** Rounds a value after clipping it to the range of float32. */
  public double clip(double value) {
    return round(clipped(value));
  }

  /**
   * Rounds values after clipping them to the range of float32.
   *
   * @param values modified from {@code from} to before {@code to}
   */
  public void clip(double[] values, int from, int to) {
    boolean isRounded = this == FLOAT32;
    for (int i = from; i < to; i++) {
      double value = clipped(values[i]);
      values[i] = isRounded ? (float) value : value;
    }
  }

  private static double clipped(double value) {
    return Math.abs(value) <= Float.MAX_VALUE
        ? value
        : Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
  }
}
