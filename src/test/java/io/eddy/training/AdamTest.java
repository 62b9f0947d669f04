package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AdamTest {
  /** Compares with the formulas in float64. */
  @Test
  void decaysWeightsButNotBiases() {
    float[] weights = {0.5f, -2};
    float[] biases = {0.5f, -2};
    Adam adam = new Adam(List.of(weights, biases), new double[] {0.1, 0});
    double[] expected = {0.5, -2};
    double[] expectedBiases = {0.5, -2};
    double[] m = new double[2];
    double[] v = new double[2];

    for (int t = 1; t <= 20; t++) {
      float[] gradient = {0.3f * t, t % 2 == 0 ? 0.01f : -0.7f};
      adam.step(List.of(gradient, gradient.clone()), 0.02);
      for (int i = 0; i < 2; i++) {
        m[i] = 0.9 * m[i] + 0.1 * gradient[i];
        v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i];
        double mean = m[i] / (1 - Math.pow(0.9, t));
        double square = v[i] / (1 - Math.pow(0.999, t));
        double step = 0.02 * mean / (Math.sqrt(square) + 1e-8);
        expected[i] = (1 - 0.02 * 0.1) * expected[i] - step;
        expectedBiases[i] -= step;
      }
    }

    // float32 differs from float64 over twenty steps.
    assertThat(weights[0]).isCloseTo((float) expected[0], within(2e-5f));
    assertThat(weights[1]).isCloseTo((float) expected[1], within(2e-5f));
    assertThat(biases[0]).isCloseTo((float) expectedBiases[0], within(2e-5f));
    assertThat(biases[1]).isCloseTo((float) expectedBiases[1], within(2e-5f));
  }

  @Test
  void weightAverageMatchesFormula() {
    float[] weights = {100};
    WeightAverage average = new WeightAverage(List.of(weights), 5);
    double beta = Math.pow(2, -1 / 5.0);
    double sum = 0;

    for (int t = 1; t <= 30; t++) {
      weights[0] = 3 + 1f / t;
      average.update();
      sum = beta * sum + (1 - beta) * weights[0];
    }

    double expected = sum / (1 - Math.pow(beta, 30));
    assertThat(average.arrays().get(0)[0]).isCloseTo((float) expected, within(1e-5f));
  }
}
