package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandardQuantileTest {
  /** Expected values from published tables of the distributions. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0, 0",
    "0.75, 0.674489750196, 0.740697084130",
    "0.9, 1.281551565545, 1.533206274059",
    "0.95, 1.644853626951, 2.131846786327",
    "0.975, 1.959963984540, 2.776445105198",
    "0.99, 2.326347874041, 3.746947387980",
    "0.999, 3.090232306168, 7.173182219783",
    "0.1, -1.281551565545, -1.533206274059",
  })
  void matchesTables(double level, double gaussian, double studentT) {
    assertThat(StandardQuantile.gaussian(level)).isCloseTo(gaussian, within(1e-10));
    assertThat(StandardQuantile.studentT(level)).isCloseTo(studentT, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-17, 1e-9, 1 - 1e-9, 0.9999999999999999})
  void extremeLevelsAreFinite(double level) {
    assertThat(StandardQuantile.gaussian(level)).isFinite();
    assertThat((float) StandardQuantile.studentT(level)).isNotNaN();
  }

  @Test
  void ascendsWithLevel() {
    double gaussian = Double.NEGATIVE_INFINITY;
    double studentT = Double.NEGATIVE_INFINITY;
    for (int k = 1; k < 1000; k++) {
      assertThat(StandardQuantile.gaussian(k / 1000.0)).isGreaterThan(gaussian);
      assertThat(StandardQuantile.studentT(k / 1000.0)).isGreaterThan(studentT);
      gaussian = StandardQuantile.gaussian(k / 1000.0);
      studentT = StandardQuantile.studentT(k / 1000.0);
    }
  }
}
