package io.eddy.model;

/**
 * Possible values of a series: the numbers of a range, or its whole numbers. Forecasts are clipped
 * to the range, and quantiles of whole numbers are rounded. Immutable.
 *
 * <p>Bounds that were recognised in training data may not hold for every series later. They no
 * longer apply to a series with {@value #MAX_EXCEPTIONS} values that contradict them, unless they
 * are {@linkplain #isStated stated}. One bad reading does not lift them.
 *
 * @param lower least value; −∞ without
 * @param upper largest value; ∞ without
 * @param isInteger whether values are whole numbers
 * @param isStated whether the bounds were given, and apply whatever the values are
 */
public record Bounds(double lower, double upper, boolean isInteger, boolean isStated) {
  /** Any number. */
  public static final Bounds NONE =
      new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false, false);

  /** Any number of at least 0. */
  public static final Bounds NON_NEGATIVE = new Bounds(0, Double.POSITIVE_INFINITY, false, false);

  /** Number of contradicting values with which recognised bounds no longer apply to a series. */
  static final int MAX_EXCEPTIONS = 3;

  /** Whole numbers beyond it are not distinguished from others in float32. */
  private static final double MAX_INTEGER = 0x1p24;

  public Bounds {
    if (!(lower < upper)) {
      throw new IllegalArgumentException(
          "bounds: expected a lower one below the upper one, got %s and %s"
              .formatted(lower, upper));
    }
    if (isInteger && (isFraction(lower) || isFraction(upper))) {
      throw new IllegalArgumentException(
          "bounds: expected whole numbers, got %s and %s".formatted(lower, upper));
    }
  }

  private static boolean isFraction(double bound) {
    return !Double.isInfinite(bound) && bound != Math.rint(bound);
  }

  /** Returns whether any number is possible. */
  public boolean isNone() {
    return !isInteger && Double.isInfinite(lower) && Double.isInfinite(upper);
  }

  /** Returns whether a value is possible. */
  public boolean contains(double value) {
    return value >= lower && value <= upper && !(isInteger && value != Math.rint(value));
  }

  /** Returns these bounds with a lower one of at least 0. */
  public Bounds nonNegative() {
    if (lower >= 0 || upper <= 0) {
      return this;
    }
    return isNone() ? NON_NEGATIVE : new Bounds(0, upper, isInteger, isStated);
  }

  /** Returns the nearest number of the range. */
  public double clip(double value) {
    return Math.max(lower, Math.min(upper, value));
  }

  /** Returns the nearest possible value; of two, the even one. */
  public double round(double value) {
    return isInteger && Math.abs(value) <= MAX_INTEGER ? Math.rint(value) : value;
  }
}
