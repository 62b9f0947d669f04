package io.eddy.forecast.combination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.model.CombinationSpec;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightLearningTest {
  private static final int COMPONENTS = 6;
  private static final int LOSSES = 400;
  private static final int POWER = 8;
  private static final double DISCOUNT = 0.9;

  /** A unit so large that losses are not bounded. */
  private static final double NO_LIMIT = 1e30;

  private static final double[] PRIOR = {0.5, 0.3, 0.2};

  /** Sums are float32. */
  private static final double ROUNDING = 1 + 1e-5;

  @Test
  void lossStaysWithinBoundOfEveryComponent() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      requireBound(priorWeights(random), losses(random));
    }
  }

  private static void requireBound(double[] prior, double[][] losses) {
    WeightLearning learning =
        new WeightLearning(new CombinationSpec.Learning(POWER, DISCOUNT, 0, 0.05));
    float[] sums = new float[COMPONENTS];
    double[] weights = new double[COMPONENTS];
    double combined = dot(prior, losses[0]) / (1 - DISCOUNT);
    double largestShare = 0;
    for (int n = 0; n < losses.length; n++) {
      learning.weights(sums, prior, weights);
      float[] before = sums.clone();
      learning.add(sums, prior, losses[n], NO_LIMIT);
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
                * StrictMath.pow(prior[i], -1.0 / (POWER - 1))
                * sums[i];
        assertThat(combined).isLessThanOrEqualTo(ROUNDING * bound);
      }
    }
  }

  @Test
  void componentWithoutLossGetsAllTheWeight() {
    WeightLearning learning = new WeightLearning(CombinationSpec.Learning.DEFAULT);
    double[] prior = {0.9, 0.05, 0.05};
    float[] sums = new float[3];
    double[] weights = new double[3];

    for (int n = 0; n < 40; n++) {
      learning.add(sums, prior, new double[] {1, 0, 3}, 1);
    }
    learning.weights(sums, prior, weights);

    assertThat(weights[1]).isGreaterThan(0.99);
  }

  @Test
  void weightsFollowChangeOfTheBestComponent() {
    WeightLearning learning = new WeightLearning(CombinationSpec.Learning.DEFAULT);
    double[] prior = {0.5, 0.5};
    float[] sums = new float[2];
    double[] weights = new double[2];

    for (int n = 0; n < 1000; n++) {
      learning.add(sums, prior, new double[] {1, 2}, 1);
    }
    for (int n = 0; n < 8; n++) {
      learning.add(sums, prior, new double[] {2, 1}, 1);
    }
    learning.weights(sums, prior, weights);

    assertThat(weights[1]).isGreaterThan(0.5);
  }

  private static double[] weights(float[] sums) {
    double[] weights = new double[sums.length];
    new WeightLearning(CombinationSpec.Learning.DEFAULT).weights(sums, PRIOR, weights);
    return weights;
  }

  @Test
  void weightsArePriorOnesUntilLossesDiffer() {
    WeightLearning learning = new WeightLearning(CombinationSpec.Learning.DEFAULT);
    float[] sums = new float[3];
    assertThat(weights(sums)).containsExactly(PRIOR, within(1e-12));

    learning.add(sums, PRIOR, new double[3], 1);

    assertThat(weights(sums)).containsExactly(PRIOR, within(1e-12));
  }

  @Test
  void unitOfLossesHasNoEffect() {
    WeightLearning learning = new WeightLearning(CombinationSpec.Learning.DEFAULT);
    float[] small = new float[3];
    float[] large = new float[3];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20; i++) {
      double[] losses = random.doubles(3).toArray();
      learning.add(small, PRIOR, losses, 1);
      learning.add(large, PRIOR, Arrays.stream(losses).map(x -> 0x1p40 * x).toArray(), 0x1p40);
    }

    assertThat(weights(large)).isEqualTo(weights(small));
  }

  @Test
  void undefinedLossIsIgnored() {
    float[] sums = {1, 2, 3};

    new WeightLearning(CombinationSpec.Learning.DEFAULT)
        .add(sums, PRIOR, new double[] {Double.NaN, 1, 1}, 1);

    assertThat(sums).containsExactly(1, 2, 3);
  }

  @Test
  void outlierDoesNotOutweighLossesBeforeIt() {
    WeightLearning learning = new WeightLearning(CombinationSpec.Learning.DEFAULT);
    float[] sums = new float[3];
    for (int i = 0; i < 100; i++) {
      learning.add(sums, PRIOR, new double[] {1, 0.2, 1}, 1);
    }

    learning.add(sums, PRIOR, new double[] {1e6, 1e6, 1e6}, 1);
    for (int i = 0; i < 10; i++) {
      learning.add(sums, PRIOR, new double[] {1, 0.2, 1}, 1);
    }

    assertThat(weights(sums)[1]).isGreaterThan(0.9);
  }

  private static double dot(double[] prior, double[] losses) {
    double sum = 0;
    for (int i = 0; i < losses.length; i++) {
      sum += prior[i] * losses[i];
    }
    return sum;
  }

  private static double[] priorWeights(SplittableRandom random) {
    double[] weights = new double[COMPONENTS];
    double sum = 0;
    for (int i = 0; i < COMPONENTS; i++) {
      weights[i] = 0.01 + random.nextDouble();
      sum += weights[i];
    }
    for (int i = 0; i < COMPONENTS; i++) {
      weights[i] /= sum;
    }
    return weights;
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
