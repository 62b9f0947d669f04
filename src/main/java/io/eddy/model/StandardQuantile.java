package io.eddy.model;

/**
 * Quantile functions of distributions with mean 0 and scale 1. Not for hot loops; {@link
 * StrictMath} gives the same bits on every JDK.
 */
final class StandardQuantile {
  /** Beyond it the normal distribution's upper tail is less than a double's last bit at 1. */
  private static final double FURTHEST = 8.3;

  private StandardQuantile() {}

  /** z with Φ(z) = {@code level}, by bisection. */
  static double gaussian(double level) {
    if (level < 0.5) {
      return -gaussian(1 - level);
    }
    double below = 0;
    double above = level == 0.5 ? 0 : FURTHEST;
    for (double middle = above / 2; below < middle && middle < above; ) {
      if (belowNormal(middle) < level) {
        below = middle;
      } else {
        above = middle;
      }
      middle = below + (above - below) / 2;
    }
    return above;
  }

  /** Φ(z) = ½ + φ(z)·(z + z³/3 + z⁵/(3·5) + …) for z ≥ 0 (G. Marsaglia, 2004). */
  private static double belowNormal(double z) {
    double term = z;
    double sum = 0;
    for (int n = 3; sum + term > sum; n += 2) {
      sum += term;
      term *= z * z / n;
    }
    return 0.5 + sum * StrictMath.exp(-0.5 * z * z) / StrictMath.sqrt(2 * Math.PI);
  }

  /**
   * The quantile of Student's t with 4 degrees of freedom, for which it is closed: ±2·√(q − 1) with
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
