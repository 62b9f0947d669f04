package io.eddy.nn.kernel;

/**
 * tanh, the logistic function, exp and log(1 + u), built from IEEE operations only.
 *
 * <p><b>Approximation.</b> tanh(x) = x·P(x²)/Q(x²) for |x| ≤ 8.1875, with P and Q of degree 4,
 * fitted for minimum relative error: 2.1e-8 before rounding, at most 5.5 units in the last place
 * after, over all of float32. Larger |x| are clamped, which gives 1 − 2⁻²³; further out the
 * quotient would round to more than 1. The logistic function is ½ + ½·tanh(x/2), with an absolute
 * error of at most 3.1·2⁻²⁴. NaN is propagated.
 *
 * <p>exp(x) = 2ⁿ·eʳ with the integer n nearest to x/ln 2 and |r| ≤ ½·ln 2, and for eʳ a polynomial
 * of degree 6: at most 1.1 units in the last place. It is for x ≤ 0: x is clamped to [−43.5, 0],
 * where 2ⁿ is a normal number. log(1 + u) = 2·artanh(s) with s = u/(2 + u), by its odd series of
 * degree 9, for u in [0, 1]: at most 2.5 units in the last place.
 *
 * <p><b>Implementation note.</b> The loops have a single index and no branch, so the compiler
 * vectorises them.
 */
final class ActivationFunctions {
  static final float CLAMP = 8.1875f;

  static final float P0 = 1f;
  static final float P1 = 0.13381112f;
  static final float P2 = 0.0034956841f;
  static final float P3 = 2.0610434e-05f;
  static final float P4 = 1.3356146e-08f;
  static final float Q1 = 0.46714428f;
  static final float Q2 = 0.025877364f;
  static final float Q3 = 0.00032857817f;
  static final float Q4 = 7.7772467e-07f;

  /**
   * The clamp, P0 … P4 and Q1 … Q4 for vector kernels; not modified. They are read from an array
   * because compilers then keep their vectors in registers. Constants are loaded at each use.
   */
  static final float[] TANH = {CLAMP, P0, P1, P2, P3, P4, Q1, Q2, Q3, Q4};

  static final float MIN_EXPONENT = -43.5f;
  static final float INVERSE_LN2 = 1.442695f;
  static final float LN2_HIGH = 0x1.63p-1f;
  static final float LN2_LOW = -2.1219444e-04f;

  /** A float32 near 1.5·2²³ has no fraction, so adding this number rounds to an integer. */
  static final float ROUNDING = 0x1.8p23f;

  static final int EXPONENT_SHIFT = 23;
  static final int ONE_BITS = 0x3f80_0000;
  static final float E2 = 0.5f;
  static final float E3 = 0.16666518f;
  static final float E4 = 0.041666206f;
  static final float E5 = 0.008368918f;
  static final float E6 = 0.001395054f;

  static final float L1 = 0.33333206f;
  static final float L2 = 0.2001085f;
  static final float L3 = 0.13999571f;
  static final float L4 = 0.1401223f;

  private ActivationFunctions() {}

  static float tanh(float value) {
    float x = Math.max(-CLAMP, Math.min(CLAMP, value));
    float u = x * x;
    float p = Math.fma(u, Math.fma(u, Math.fma(u, Math.fma(u, P4, P3), P2), P1), P0);
    float q = Math.fma(u, Math.fma(u, Math.fma(u, Math.fma(u, Q4, Q3), Q2), Q1), 1f);
    return x * p / q;
  }

  static float logistic(float value) {
    return Math.fma(0.5f, tanh(0.5f * value), 0.5f);
  }

  /** Returns eˣ for x ≤ 0, and 1 for x above. */
  static float exp(float value) {
    float x = Math.max(MIN_EXPONENT, Math.min(0f, value));
    float shifted = Math.fma(x, INVERSE_LN2, ROUNDING);
    float minusN = ROUNDING - shifted;
    float r = Math.fma(minusN, LN2_LOW, Math.fma(minusN, LN2_HIGH, x));
    float p = Math.fma(r, Math.fma(r, Math.fma(r, Math.fma(r, E6, E5), E4), E3), E2);
    float power = Math.fma(r * r, p, r) + 1f;
    return power * powerOfTwo(shifted);
  }

  /** Returns 2ⁿ for {@code shifted} = n + {@link #ROUNDING}. */
  static float powerOfTwo(float shifted) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << EXPONENT_SHIFT) + ONE_BITS);
  }

  /** Returns log(1 + u) for u in [0, 1]. */
  static float log1p(float u) {
    float s = u / (u + 2f);
    float w = s * s;
    float p = Math.fma(w, Math.fma(w, Math.fma(w, L4, L3), L2), L1);
    float twice = s + s;
    return Math.fma(twice * w, p, twice);
  }

  /** Computes y = eˣ for x ≤ 0 over n elements; each array starts at its offset. */
  static void exp(float[] x, int xFrom, float[] y, int yFrom, int n) {
    for (int i = 0; i < n; i++) {
      y[yFrom + i] = exp(x[xFrom + i]);
    }
  }

  /** Replaces x[from … to) by tanh(x). */
  static void tanh(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = tanh(x[i]);
    }
  }

  /** Replaces x[from … to) by 1/(1 + e⁻ˣ). */
  static void logistic(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = logistic(x[i]);
    }
  }

  /** Replaces x[from … to) by max(0, x). */
  static void rectify(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = Math.max(0f, x[i]);
    }
  }
}
