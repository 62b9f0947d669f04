package io.eddy.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ActivationFunctionsTest {
  /**
   * Five operations round (both polynomials, the product, the quotient, the result), each by half a
   * unit of 2⁻²³, which is two units in the last place just below 1. The maximum over all of
   * float32 is 5.43.
   */
  private static final double TANH_UNITS = 5.5;

  /**
   * Half the error of tanh, plus half a unit for the final sum. The maximum over all of float32 is
   * 3.03·2⁻²⁴.
   */
  private static final double LOGISTIC_ERROR = 3.1 * 0x1p-24;

  /**
   * The polynomial's error, half a unit for the sum with 1 and the rounding of the reduced
   * argument.
   */
  private static final double EXP_UNITS = 1.1;

  /** Roundings of s, of the products and of the sum. */
  private static final double LOG_UNITS = 2.5;

  /** Distance between grid points, in floats. A prime, so that every mantissa bit varies. */
  private static final int STRIDE = 997;

  @Test
  void tanhIsWithinErrorBound() {
    double worst = 0;
    float at = 0;

    for (float x = Float.MIN_NORMAL; x < 40; x = next(x)) {
      double exact = StrictMath.tanh(x);
      double error = Math.abs(ActivationFunctions.tanh(x) - exact) / Math.ulp((float) exact);
      if (error > worst) {
        worst = error;
        at = x;
      }
    }

    assertThat(worst).as("at %s", at).isLessThan(TANH_UNITS);
  }

  @Test
  void logisticIsWithinErrorBound() {
    double worst = 0;
    float at = 0;

    for (float magnitude = Float.MIN_NORMAL; magnitude < 40; magnitude = next(magnitude)) {
      for (float x : new float[] {magnitude, -magnitude}) {
        double error =
            Math.abs(ActivationFunctions.logistic(x) - 1 / (1 + StrictMath.exp(-(double) x)));
        if (error > worst) {
          worst = error;
          at = x;
        }
      }
    }

    assertThat(worst).as("at %s", at).isLessThan(LOGISTIC_ERROR);
  }

  @Test
  void expIsWithinErrorBound() {
    double worst = 0;
    float at = 0;

    for (float magnitude = Float.MIN_NORMAL; magnitude <= 43.5f; magnitude = next(magnitude)) {
      double exact = StrictMath.exp(-magnitude);
      double error = Math.abs(ActivationFunctions.exp(-magnitude) - exact);
      if (error / Math.ulp((float) exact) > worst) {
        worst = error / Math.ulp((float) exact);
        at = -magnitude;
      }
    }

    assertThat(worst).as("at %s", at).isLessThan(EXP_UNITS);
    assertThat(ActivationFunctions.exp(0f)).isEqualTo(1f);
    assertThat(ActivationFunctions.exp(-0x1p100f)).isPositive().isLessThan(2e-19f);
    assertThat(ActivationFunctions.exp(Float.POSITIVE_INFINITY)).isEqualTo(1f);
  }

  @Test
  void logOfOnePlusIsWithinErrorBound() {
    double worst = 0;
    float at = 0;

    for (float u = Float.MIN_NORMAL; u <= 1; u = next(u)) {
      double exact = StrictMath.log1p(u);
      double error = Math.abs(ActivationFunctions.log1p(u) - exact) / Math.ulp((float) exact);
      if (error > worst) {
        worst = error;
        at = u;
      }
    }

    assertThat(worst).as("at %s", at).isLessThan(LOG_UNITS);
    assertThat(ActivationFunctions.log1p(0f)).isZero();
  }

  /** Tests every float for which the quotient is within several units of 1. */
  @Test
  void tanhNeverExceedsOne() {
    float highest = 0;
    float lowest = 1;

    for (float x = 7; x < 9; x = Math.nextUp(x)) {
      highest = Math.max(highest, ActivationFunctions.tanh(x));
      lowest = Math.min(lowest, ActivationFunctions.logistic(-2 * x));
    }

    assertThat(highest).isLessThanOrEqualTo(1f);
    assertThat(lowest).isGreaterThanOrEqualTo(0f);
    assertThat(ActivationFunctions.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1 - 0x1p-23f);
    assertThat(ActivationFunctions.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(0x1p-23f - 1);
    assertThat(ActivationFunctions.logistic(Float.POSITIVE_INFINITY)).isBetween(1 - 0x1p-23f, 1f);
    assertThat(ActivationFunctions.logistic(Float.NEGATIVE_INFINITY)).isBetween(0f, 0x1p-23f);
  }

  @Test
  void tanhIsOdd() {
    for (float x = Float.MIN_NORMAL; x < 40; x = next(x)) {
      if (ActivationFunctions.tanh(-x) != -ActivationFunctions.tanh(x)) {
        assertThat(ActivationFunctions.tanh(-x))
            .as("at %s", x)
            .isEqualTo(-ActivationFunctions.tanh(x));
      }
    }

    assertThat(ActivationFunctions.tanh(-0f)).isEqualTo(-0f);
    assertThat(ActivationFunctions.tanh(0f)).isEqualTo(0f);
    assertThat(ActivationFunctions.logistic(0f)).isEqualTo(0.5f);
  }

  @Test
  void propagatesNaN() {
    float[] values = {Float.NaN, Float.NaN, Float.NaN};

    ActivationFunctions.tanh(values, 0, 1);
    ActivationFunctions.logistic(values, 1, 2);
    ActivationFunctions.rectify(values, 2, 3);

    assertThat(values).containsOnly(Float.NaN);
    assertThat(ActivationFunctions.tanh(Float.NaN)).isNaN();
    assertThat(ActivationFunctions.logistic(Float.NaN)).isNaN();
    assertThat(ActivationFunctions.exp(Float.NaN)).isNaN();
    assertThat(ActivationFunctions.log1p(Float.NaN)).isNaN();
  }

  @Test
  void arrayFunctionsMatchScalarFunctions() {
    float[] values = new float[10_007];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i - 5_000) * 0.00321f;
    }
    float[] tangents = values.clone();
    float[] logistics = values.clone();
    float[] rectified = values.clone();
    float[] exponentials = new float[values.length];

    ActivationFunctions.tanh(tangents, 3, 10_000);
    ActivationFunctions.logistic(logistics, 3, 10_000);
    ActivationFunctions.rectify(rectified, 3, 10_000);
    ActivationFunctions.exp(values, 3, exponentials, 3, 9_997);

    for (int i = 0; i < values.length; i++) {
      boolean inside = i >= 3 && i < 10_000;
      float x = values[i];
      assertBits(tangents[i], inside ? ActivationFunctions.tanh(x) : x, x);
      assertBits(logistics[i], inside ? ActivationFunctions.logistic(x) : x, x);
      assertBits(exponentials[i], inside ? ActivationFunctions.exp(x) : 0, x);
      assertBits(rectified[i], inside ? Math.max(0f, x) : x, x);
    }
  }

  private static void assertBits(float actual, float expected, float at) {
    if (Float.floatToRawIntBits(actual) != Float.floatToRawIntBits(expected)) {
      assertThat(actual).as("at %s", at).isEqualTo(expected);
    }
  }

  private static float next(float x) {
    return Float.intBitsToFloat(Float.floatToIntBits(x) + STRIDE);
  }
}
