package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

final class RidgeRegressionTest {
  private static final int FEATURES = 3;
  private static final int TARGETS = 2;
  private static final double[][] WEIGHTS = {{1, -2}, {0.5, 3}, {-4, 0}};

  private final RidgeRegression regression = new RidgeRegression(FEATURES, TARGETS);

  @Test
  void recoversWeightsWithoutPenalty() {
    addExamples(regression, 1, 50);

    DMatrixRMaj weights = solve(regression, 0);

    for (int i = 0; i < FEATURES; i++) {
      for (int j = 0; j < TARGETS; j++) {
        assertThat(weights.get(i, j)).isCloseTo(WEIGHTS[i][j], within(1e-12));
      }
    }
    assertThat(regression.squaredError(weights)).isCloseTo(0, within(1e-10));
  }

  @Test
  void penaltyShrinksWeights() {
    regression.add(new double[] {1, 0, 0}, new double[] {2, 4});

    DMatrixRMaj weights = solve(regression, 1);

    assertThat(weights.data).containsExactly(new double[] {1, 2, 0, 0, 0, 0}, within(1e-12));
    assertThat(regression.squaredError(weights)).isCloseTo(1 + 4, within(1e-12));
  }

  @Test
  void sumOfRegressionsHasAllExamples() {
    RidgeRegression other = new RidgeRegression(FEATURES, TARGETS);
    RidgeRegression all = new RidgeRegression(FEATURES, TARGETS);
    addExamples(regression, 1, 20);
    addExamples(other, 2, 20);
    addExamples(all, 1, 20);
    addExamples(all, 2, 20);

    regression.add(other);

    assertThat(solve(regression, 0.1).data).containsExactly(solve(all, 0.1).data, within(1e-12));
    assertThat(regression.squaredFeature(1)).isCloseTo(all.squaredFeature(1), within(1e-12));
  }

  @Test
  void hasNoSolutionWithoutExamples() {
    assertThat(regression.solve(1)).isNull();
  }

  private static void addExamples(RidgeRegression regression, long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int n = 0; n < count; n++) {
      double[] x = random.doubles(FEATURES, -1, 1).toArray();
      double[] y = new double[TARGETS];
      for (int i = 0; i < FEATURES; i++) {
        for (int j = 0; j < TARGETS; j++) {
          y[j] += x[i] * WEIGHTS[i][j];
        }
      }
      regression.add(x, y);
    }
  }

  private static DMatrixRMaj solve(RidgeRegression regression, double penalty) {
    return Objects.requireNonNull(regression.solve(penalty));
  }
}
