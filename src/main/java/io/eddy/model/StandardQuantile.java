package io.eddy.model;

/**
 * Quantile functions of distributions with mean 0 and scale 1. {@link StrictMath} gives the same
 * bits on every JDK, but is too slow for hot loops.
 */
public final class StandardQuantile {
  /** The upper tail of the normal distribution beyond it is below the last bit of a double at 1. */
  private static final double MAX_GAUSSIAN = 8.3;

  private StandardQuantile() {}

  /** Returns z with Φ(z) = {@code level}, by bisection. */
  public static double gaussian(double level) {
    if (level < 0.5) {
      return -gaussian(1 - level);
    }
    double below = 0;
    double above = level == 0.5 ? 0 : MAX_GAUSSIAN;
    for (double middle = above / 2; below < middle && middle < above; ) {
      if (cumulativeNormal(middle) < level) {
        below = middle;
      } else {
        above = middle;
      }
      middle = below + (above - below) / 2;
    }
    return above;
  }

  /** Returns Φ(z) = ½ + φ(z)·(z + z³/3 + z⁵/(3·5) + …) for z ≥ 0 (G. Marsaglia, 2004). */
  private static double cumulativeNormal(double z) {
    double term = z;
    double sum = 0;
    for (int n = 3; sum + term > sum; n += 2) {
      sum += term;
      term *= z * z / n;
    }
    return 0.5 + sum * StrictMath.exp(-0.5 * z * z) / StrictMath.sqrt(2 * Math.PI);
  }

  /**
   * Returns the quantile of Student's t with 4 degrees of freedom in closed form: ±2·√(q − 1) with
   * q = cos(⅓·arccos √α) / √α, α = 4p(1 − p) (W. Shaw, Sampling Student's t distribution, 2006).
   */
  static double studentT(double level) {
    double root = StrictMath.sqrt(4 * level * (1 - level));
    if (level == 0.5) {
      return 0;
    }
    double q = StrictMath.cos(StrictMath.acos(root) / 3) / root;
    return Math.copySign(2 * StrictMath.sqrt(q - 1), level - 0.5);
  }
}
