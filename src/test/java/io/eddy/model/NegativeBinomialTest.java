package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares with sums of the probabilities, of which another program took the logarithms. */
final class NegativeBinomialTest {
  private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9, 0.99);

  @ParameterizedTest
  @CsvSource({
    // mean, dispersion, quantiles
    "0.1, 0.001, 0, 0, 0, 1",
    "0.1, 2, 0, 0, 0, 2",
    "3, 0.001, 1, 3, 5, 8",
    "3, 1, 0, 2, 8, 16",
    "25, 0.2, 11, 23, 41, 61",
    "400, 0.5, 106, 336, 779, 1330"
  })
  void quantilesAreLeastCountsThatReachTheirLevel(
      double mean, double dispersion, float first, float second, float third, float fourth) {
    assertThat(quantiles(mean, dispersion)).containsExactly(first, second, third, fourth);
  }

  /** Beyond the exact mean, quantiles of the gamma distribution differ by less than 2 %. */
  @ParameterizedTest
  @CsvSource({
    "1000, 0.01, 868, 997, 1136, 1259",
    "5000, 0.2, 2431, 4671, 7995, 11608",
    "100000, 0.001, 95949, 99967, 104094, 107541"
  })
  void largeCountsAreApproximated(
      double mean, double dispersion, float first, float second, float third, float fourth) {
    float[] actual = quantiles(mean, dispersion);

    float[] expected = {first, second, third, fourth};
    for (int k = 0; k < actual.length; k++) {
      assertThat(actual[k]).isCloseTo(expected[k], within(0.02f * expected[k]));
    }
  }

  @Test
  void costIsBoundedForHugeMeansAndDispersions() {
    for (double dispersion : new double[] {1e-3, 1, 1e3, 1e6}) {
      for (double mean : new double[] {0, 1e-30, 499, 1e6, 1e30}) {
        float[] values = quantiles(mean, dispersion);
        for (int k = 0; k < values.length; k++) {
          assertThat(values[k]).isFinite().isGreaterThanOrEqualTo(k == 0 ? 0 : values[k - 1]);
        }
      }
    }
  }

  private static float[] quantiles(double mean, double dispersion) {
    float[] values = new float[LEVELS.size()];
    new NegativeBinomial(LEVELS).quantiles(mean, dispersion, values, 0);
    return values;
  }
}
