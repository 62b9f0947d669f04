package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class GammaTest {
  private static final double EULER = 0.5772156649015329;

  @Test
  void logOfGammaIsLogOfFactorial() {
    double factorial = 1;
    for (int n = 1; n <= 20; n++) {
      assertThat(Gamma.log(n)).isCloseTo(StrictMath.log(factorial), within(1e-12));
      factorial *= n;
    }
    assertThat(Gamma.log(0.5)).isCloseTo(0.5 * StrictMath.log(StrictMath.PI), within(1e-12));
  }

  @Test
  void digammaIsHarmonicSum() {
    double sum = -EULER;
    for (int n = 1; n <= 200; n++) {
      assertThat(Gamma.digamma(n)).isCloseTo(sum, within(1e-12));
      sum += 1.0 / n;
    }
    assertThat(Gamma.digamma(0.5)).isCloseTo(-EULER - 2 * StrictMath.log(2), within(1e-12));
  }

  @Test
  void recurrenceHoldsForLargeAndSmallArguments() {
    for (double x = 1e-3; x < 1e6; x *= 1.7) {
      double rounding = 1e-12 * Math.max(1, Math.abs(Gamma.log(x)));
      assertThat(Gamma.log(x + 1) - Gamma.log(x)).isCloseTo(StrictMath.log(x), within(rounding));
    }
  }
}
