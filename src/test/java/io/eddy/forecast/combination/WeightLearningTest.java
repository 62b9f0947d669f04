package io.eddy.forecast.combination;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.CombinationSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightLearningTest {
  private static final int COMPONENTS = 6;
  private static final int LOSSES = 400;
  private static final int POWER = 8;
  private static final double DISCOUNT = 0.9;

  /** Sums are float32. */
  private static final double ROUNDING = 1 + 1e-5;

  @Test
  void lossStaysWithinBoundOfEveryComponent() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      requireBound(priorWeights(random), losses(random));
    }
  }

  private static void requireBound(List<Double> prior, double[][] losses) {
    WeightLearning learning =
        new WeightLearning(new CombinationSpec.Learning(POWER, DISCOUNT, 0, 0.05));
    float[] sums = new float[COMPONENTS];
    double[] weights = new double[COMPONENTS];
    double combined = dot(prior, losses[0]) / (1 - DISCOUNT);
    double largestShare = 0;
    for (int n = 0; n < losses.length; n++) {
      learning.weights(sums, prior, weights);
      float[] before = sums.clone();
      learning.add(sums, prior, losses[n]);
      double loss = 0;
      for (int i = 0; i < COMPONENTS; i++) {
        loss += weights[i] * losses[n][i];
        double discounted = DISCOUNT * (n == 0 ? combined : before[i]);
        largestShare = Math.max(largestShare, losses[n][i] / discounted);
      }
      combined = DISCOUNT * combined + loss;
      for (int i = 0; i < COMPONENTS; i++) {
        double bound =
            StrictMath.pow(1 + largestShare, POWER)
                * StrictMath.pow(prior.get(i), -1.0 / (POWER - 1))
                * sums[i];
        assertThat(combined).isLessThanOrEqualTo(ROUNDING * bound);
      }
    }
  }

  @Test
  void componentWithoutLossGetsAllTheWeight() {
    WeightLearning learning = new WeightLearning(CombinationSpec.Learning.DEFAULT);
    List<Double> prior = List.of(0.9, 0.05, 0.05);
    float[] sums = new float[3];
    double[] weights = new double[3];

    for (int n = 0; n < 40; n++) {
      learning.add(sums, prior, new double[] {1, 0, 3});
    }
    learning.weights(sums, prior, weights);

    assertThat(weights[1]).isGreaterThan(0.99);
  }

  @Test
  void weightsFollowChangeOfTheBestComponent() {
    WeightLearning learning = new WeightLearning(CombinationSpec.Learning.DEFAULT);
    List<Double> prior = List.of(0.5, 0.5);
    float[] sums = new float[2];
    double[] weights = new double[2];

    for (int n = 0; n < 1000; n++) {
      learning.add(sums, prior, new double[] {1, 2});
    }
    for (int n = 0; n < 8; n++) {
      learning.add(sums, prior, new double[] {2, 1});
    }
    learning.weights(sums, prior, weights);

    assertThat(weights[1]).isGreaterThan(0.5);
  }

  private static double dot(List<Double> prior, double[] losses) {
    double sum = 0;
    for (int i = 0; i < losses.length; i++) {
      sum += prior.get(i) * losses[i];
    }
    return sum;
  }

  private static List<Double> priorWeights(SplittableRandom random) {
    double[] weights = new double[COMPONENTS];
    double sum = 0;
    for (int i = 0; i < COMPONENTS; i++) {
      weights[i] = 0.01 + random.nextDouble();
      sum += weights[i];
    }
    List<Double> prior = new ArrayList<>();
    for (double weight : weights) {
      prior.add(weight / sum);
    }
    return prior;
  }

  /** Returns losses of regimes, in each of which every component has another mean loss. */
  private static double[][] losses(SplittableRandom random) {
    double[][] losses = new double[LOSSES][COMPONENTS];
    double[] means = new double[COMPONENTS];
    for (int n = 0; n < LOSSES; n++) {
      boolean isNewRegime = n == 0 || random.nextInt(60) == 0;
      for (int i = 0; i < COMPONENTS; i++) {
        means[i] = isNewRegime ? StrictMath.exp(4 * random.nextDouble() - 2) : means[i];
        losses[n][i] = means[i] * -StrictMath.log(1 - random.nextDouble());
      }
    }
    return losses;
  }
}
