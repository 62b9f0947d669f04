package io.eddy.model;

/**
 * Natural logarithm and exponential function in double precision, of IEEE operations only, with the
 * same bits everywhere. Their relative error is below 1e-13.
 *
 * <p>With x = 2ⁿ·m and m in [√½, √2): ln x = n·ln 2 + 2·artanh((m − 1) / (m + 1)), by its series.
 * With x = n·ln 2 + r and |r| ≤ ½·ln 2: eˣ = 2ⁿ·eʳ, by Taylor's series.
 */
public final class Logarithm {
  /** ln 2 in two parts. The first is short, so that its product with n is exact. */
  private static final double LN2_HIGH = 0x1.62e42feep-1;

  private static final double LN2_LOW = 1.9082149292705877e-10;
  private static final double INVERSE_LN2 = 1.4426950408889634;
  private static final double SQRT2 = 1.4142135623730951;
  private static final double SUBNORMAL_SCALE = 0x1p54;
  private static final int EXPONENT_BITS = 52;
  private static final int BIAS = 1023;
  private static final double MIN_ARGUMENT = -700;
  private static final double MAX_ARGUMENT = 700;
  private static final int LOG_TERMS = 10;
  private static final int EXP_TERMS = 13;
  private static final double[] LOG_FACTORS = new double[LOG_TERMS];
  private static final double[] EXP_FACTORS = new double[EXP_TERMS];

  static {
    for (int k = 0; k < LOG_TERMS; k++) {
      LOG_FACTORS[k] = 2.0 / (2 * k + 1);
    }
    EXP_FACTORS[0] = 1;
    for (int k = 1; k < EXP_TERMS; k++) {
      EXP_FACTORS[k] = EXP_FACTORS[k - 1] / k;
    }
  }

  private Logarithm() {}

  /** Returns ln x of a finite x above 0. */
  public static double log(double x) {
    int exponent = 0;
    double scaled = x;
    if (x < Double.MIN_NORMAL) {
      scaled = x * SUBNORMAL_SCALE;
      exponent = -54;
    }
    long bits = Double.doubleToRawLongBits(scaled);
    exponent += (int) (bits >>> EXPONENT_BITS) - BIAS;
    double mantissa =
        Double.longBitsToDouble(
            (bits & ((1L << EXPONENT_BITS) - 1)) | ((long) BIAS << EXPONENT_BITS));
    if (mantissa > SQRT2) {
      mantissa *= 0.5;
      exponent++;
    }
    double s = (mantissa - 1) / (mantissa + 1);
    double square = s * s;
    double sum = LOG_FACTORS[LOG_TERMS - 1];
    for (int k = LOG_TERMS - 2; k >= 0; k--) {
      sum = Math.fma(sum, square, LOG_FACTORS[k]);
    }
    return Math.fma(exponent, LN2_HIGH, Math.fma(exponent, LN2_LOW, s * sum));
  }

  /** Returns eˣ, with x clipped to ±{@value #MAX_ARGUMENT}. */
  public static double exp(double number) {
    double x = Math.max(MIN_ARGUMENT, Math.min(MAX_ARGUMENT, number));
    double n = Math.rint(x * INVERSE_LN2);
    double r = Math.fma(-n, LN2_LOW, Math.fma(-n, LN2_HIGH, x));
    double sum = EXP_FACTORS[EXP_TERMS - 1];
    for (int k = EXP_TERMS - 2; k >= 0; k--) {
      sum = Math.fma(sum, r, EXP_FACTORS[k]);
    }
    return sum * Double.longBitsToDouble((long) ((int) n + BIAS) << EXPONENT_BITS);
  }
}
