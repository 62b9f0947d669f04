package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ExponentialTest {
  /** Remainder of the series, and rounding of eight fused steps and of the reduced argument. */
  private static final double RELATIVE = 1.5e-7;

  @Test
  void matchesStrictMath() {
    for (int i = 0; i <= 870_000; i++) {
      float x = -i * 1e-4f;
      double exact = StrictMath.exp(x);

      assertThat(Math.abs(Exponential.value(x) - exact))
          .as("exp(%s)", x)
          .isLessThanOrEqualTo(RELATIVE * exact);
    }
  }

  @Test
  void isOneAtZeroAndNeverZero() {
    assertThat(Exponential.value(0f)).isEqualTo(1f);
    assertThat(Exponential.value(-0f)).isEqualTo(1f);
    for (float x : new float[] {-87f, -1e4f, -Float.MAX_VALUE, Float.NEGATIVE_INFINITY}) {
      assertThat(Exponential.value(x)).isBetween(1e-38f, 2e-38f);
    }
    assertThat(Exponential.value(Float.NaN)).isNaN();
  }

  @Test
  void bitsAreGolden() {
    assertThat(bits(-0.1f)).isEqualTo("3f67a36d");
    assertThat(bits(-1f)).isEqualTo("3ebc5ab2");
    assertThat(bits(-3.75f)).isEqualTo("3cc0a84a");
    assertThat(bits(-42f)).isEqualTo("2129b229");
    assertThat(bits(-87f)).isEqualTo("b33687");
  }

  private static String bits(float x) {
    return Integer.toHexString(Float.floatToRawIntBits(Exponential.value(x)));
  }
}
