package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogarithmTest {
  private static final double TOLERANCE = 1e-13;

  @Test
  void logarithmIsAccurate() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      double x = StrictMath.exp(700 * (2 * random.nextDouble() - 1));

      double expected = StrictMath.log(x);

      assertThat(Logarithm.log(x)).isCloseTo(expected, within(TOLERANCE * Math.abs(expected)));
    }
  }

  @Test
  void logarithmIsAccurateNearOne() {
    for (int i = -1000; i <= 1000; i++) {
      double x = 1 + i * 1e-6;

      double expected = StrictMath.log(x);

      assertThat(Logarithm.log(x)).isCloseTo(expected, within(TOLERANCE * Math.abs(expected)));
    }
  }

  @Test
  void exponentialIsAccurate() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      double x = 700 * (2 * random.nextDouble() - 1);

      double expected = StrictMath.exp(x);

      assertThat(Logarithm.exp(x)).isCloseTo(expected, within(TOLERANCE * expected));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.MIN_VALUE, Double.MIN_NORMAL, 1e-310, 1, Double.MAX_VALUE})
  void logarithmAcceptsAllPositiveNumbers(double x) {
    assertThat(Logarithm.log(x))
        .isCloseTo(StrictMath.log(x), within(TOLERANCE * Math.abs(StrictMath.log(x))));
  }

  @ParameterizedTest
  @CsvSource({"1e9, 700", "-1e9, -700"})
  void exponentialClipsItsArgument(double x, double clipped) {
    assertThat(Logarithm.exp(x)).isEqualTo(Logarithm.exp(clipped)).isPositive().isFinite();
  }
}
