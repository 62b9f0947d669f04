package io.eddy.training;

/**
 * Logarithm of the gamma function and its derivative, of positive numbers, in double precision with
 * the same bits everywhere. Arguments are raised to at least {@value #MIN_ASYMPTOTIC} by Γ(x + 1) =
 * x·Γ(x); from there on the asymptotic series have errors below 1e-13 (M. Abramowitz and I. Stegun,
 * Handbook of mathematical functions, 6.1.41 and 6.3.18, 1964).
 */
final class Gamma {
  private static final double MIN_ASYMPTOTIC = 12;
  private static final double HALF_LOG_2_PI = 0.9189385332046727;

  private Gamma() {}

  /** Returns log Γ(x), x above 0. */
  static double log(double number) {
    double x = number;
    double product = 1;
    while (x < MIN_ASYMPTOTIC) {
      product *= x;
      x++;
    }
    double inverse = 1 / x;
    double square = inverse * inverse;
    double series =
        inverse
            * (1 / 12.0
                - square
                    * (1 / 360.0
                        - square * (1 / 1260.0 - square * (1 / 1680.0 - square * (1 / 1188.0)))));
    return (x - 0.5) * StrictMath.log(x) - x + HALF_LOG_2_PI + series - StrictMath.log(product);
  }

  /** Returns ψ(x), the derivative of log Γ(x), x above 0. */
  static double digamma(double number) {
    double x = number;
    double sum = 0;
    while (x < MIN_ASYMPTOTIC) {
      sum -= 1 / x;
      x++;
    }
    double square = 1 / (x * x);
    double series =
        square
            * (1 / 12.0
                - square
                    * (1 / 120.0
                        - square * (1 / 252.0 - square * (1 / 240.0 - square * (1 / 132.0)))));
    return sum + StrictMath.log(x) - 0.5 / x - series;
  }
}
