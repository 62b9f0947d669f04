package io.eddy.nn.kernel;

/**
 * tanh and the logistic function, built from IEEE operations only.
 *
 * <p><b>Approximation.</b> tanh(x) = x·P(x²)/Q(x²) for |x| ≤ 8.1875, with P and Q of degree 4,
 * fitted for minimum relative error: 2.1e-8 before rounding, at most 5.5 units in the last place
 * after, over all of float32. Larger |x| are clamped, which gives 1 − 2⁻²³; further out the
 * quotient would round to more than 1. The logistic function is ½ + ½·tanh(x/2), with an absolute
 * error of at most 3.1·2⁻²⁴. NaN is propagated.
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
