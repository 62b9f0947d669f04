package io.eddy.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactSumTest {
  /** Compares with {@link BigDecimal}, which adds exactly and rounds once to a double. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 30, 120})
  void isNearestDoubleInAnyOrder(int spread) {
    SplittableRandom random = new SplittableRandom(spread);
    for (int round = 0; round < 500; round++) {
      double[] values = new double[1 + random.nextInt(40)];
      BigDecimal expected = BigDecimal.ZERO;
      for (int i = 0; i < values.length; i++) {
        int exponent = random.nextInt(-spread, spread + 1);
        values[i] = Math.scalb(random.nextDouble(-1, 1), exponent);
        expected = expected.add(new BigDecimal(values[i]));
      }

      for (int shuffle = 0; shuffle < 5; shuffle++) {
        for (int i = values.length - 1; i > 0; i--) {
          int j = random.nextInt(i + 1);
          double swapped = values[i];
          values[i] = values[j];
          values[j] = swapped;
        }
        ExactSum sum = new ExactSum();
        for (double value : values) {
          sum.add(value);
        }
        assertThat(sum.value()).isEqualTo(expected.doubleValue());
      }
    }
  }

  @Test
  void smallerPartsDecideTies() {
    double half = Math.ulp(1.0) / 2;

    assertThat(sum(1, half).value()).isEqualTo(1);
    assertThat(sum(1, half, 1e-300).value()).isEqualTo(1 + 2 * half);
    assertThat(sum(1, half, -1e-300).value()).isEqualTo(1);
    assertThat(sum(1e35, 1, -1e35).value()).isEqualTo(1);
    assertThat(sum().value()).isZero();
  }

  @Test
  void sumOfPartsEqualsSum() {
    ExactSum all = sum(0.1, 1e20);
    all.add(sum(-1e20, 0.2, 1e-20));

    assertThat(all.value()).isEqualTo(sum(1e-20, 0.2, 0.1).value());
    assertThat(sum(all.parts()).value()).isEqualTo(all.value());
  }

  private static ExactSum sum(double... values) {
    ExactSum sum = new ExactSum();
    for (double value : values) {
      sum.add(value);
    }
    return sum;
  }
}
