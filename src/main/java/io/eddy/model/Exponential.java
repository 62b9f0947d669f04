package io.eddy.model;

/**
 * The exponential function of numbers up to 0, of IEEE operations only, with the same bits
 * everywhere: x = n·ln 2 + r with |r| ≤ ½·ln 2, the series of e^r up to r⁷ (its remainder is below
 * 6e-9), and 2ⁿ by its exponent. Arguments below {@value #MIN_ARGUMENT} are raised to it, so that
 * the result is at least 1.6e-38 and never 0. NaN remains NaN.
 */
final class Exponential {
  private static final float MIN_ARGUMENT = -87f;
  private static final float INVERSE_LN2 = 1.442695f;

  /** ln 2 in two parts. The first has nine bits, so that its product with n is exact. */
  private static final float LN2_HIGH = 0x1.63p-1f;

  private static final float LN2_LOW = -2.1219444e-4f;

  private Exponential() {}

  static float value(float number) {
    float x = Math.max(MIN_ARGUMENT, number);
    float n = (float) Math.rint(x * INVERSE_LN2);
    float r = Math.fma(-n, LN2_LOW, Math.fma(-n, LN2_HIGH, x));
    float p = Math.fma(r, 1 / 5040f, 1 / 720f);
    p = Math.fma(r, p, 1 / 120f);
    p = Math.fma(r, p, 1 / 24f);
    p = Math.fma(r, p, 1 / 6f);
    p = Math.fma(r, p, 0.5f);
    p = Math.fma(r, p, 1f);
    p = Math.fma(r, p, 1f);
    return p * Float.intBitsToFloat(((int) n + 127) << 23);
  }
}
