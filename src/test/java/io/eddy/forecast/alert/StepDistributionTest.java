package io.eddy.forecast.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StepDistributionTest {
  private static final List<Double> LEVELS = List.of(0.05, 0.25, 0.5, 0.75, 0.95);

  @Test
  void levelIsProbabilityAtItsQuantile() {
    StepDistribution distribution = new StepDistribution(LEVELS, new double[] {1, 2, 4, 5, 9});

    assertThat(distribution.below(1, true)).isCloseTo(0.05, within(1e-12));
    assertThat(distribution.below(4, true)).isCloseTo(0.5, within(1e-12));
    assertThat(distribution.above(9, false)).isCloseTo(0.05, within(1e-12));
    assertThat(distribution.above(4.5, false)).isBetween(0.25, 0.5);
  }

  @Test
  void reproducesLogisticDistribution() {
    double[] quantiles = LEVELS.stream().mapToDouble(t -> 3 + 2 * Math.log(t / (1 - t))).toArray();
    StepDistribution distribution = new StepDistribution(LEVELS, quantiles);

    for (double x = -20; x <= 26; x += 0.37) {
      assertThat(distribution.above(x, false))
          .isCloseTo(1 / (1 + Math.exp((x - 3) / 2)), within(1e-9));
    }
  }

  @Test
  void isCloseToNormalDistribution() {
    double[] quantiles = {-1.6449, -0.6745, 0, 0.6745, 1.6449};
    StepDistribution distribution = new StepDistribution(LEVELS, quantiles);

    assertThat(distribution.above(1, false)).isCloseTo(0.1587, within(0.02));
    assertThat(distribution.above(2, false)).isCloseTo(0.0228, within(0.01));
    assertThat(distribution.above(3, false)).isBetween(0.00135, 0.005);
    assertThat(distribution.below(-3, false)).isBetween(0.00135, 0.005);
  }

  @Test
  void secondStepHasItsOwnQuantiles() {
    StepDistribution distribution =
        new StepDistribution(LEVELS, new double[] {1, 2, 3, 4, 5, 11, 12, 13, 14, 15});

    distribution.moveTo(2);

    assertThat(distribution.above(13, false)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void equalQuantilesArePoint() {
    StepDistribution counts = new StepDistribution(LEVELS, new double[] {0, 0, 0, 1, 3});

    assertThat(counts.below(0, false)).isZero();
    assertThat(counts.above(0, true)).isEqualTo(1);
    assertThat(counts.above(0, false)).isCloseTo(0.5, within(1e-12));
    assertThat(counts.above(3, false)).isCloseTo(0.05, within(1e-12));
    assertThat(counts.above(6, false)).isBetween(1e-4, 0.02);
  }

  @Test
  void distributionWithoutWidthIsCertain() {
    StepDistribution constant = new StepDistribution(LEVELS, new double[] {7, 7, 7, 7, 7});

    assertThat(constant.above(7, false)).isZero();
    assertThat(constant.above(7, true)).isEqualTo(1);
    assertThat(constant.above(6.9, false)).isEqualTo(1);
    assertThat(constant.below(7.1, false)).isEqualTo(1);
  }

  @Test
  void probabilityIsMonotoneInThreshold() {
    Random random = new Random(3);
    for (int trial = 0; trial < 300; trial++) {
      double[] quantiles = random.doubles(LEVELS.size(), -5, 5).toArray();
      if (trial % 3 == 0) {
        Arrays.setAll(quantiles, k -> Math.rint(quantiles[k]));
      }
      Arrays.sort(quantiles);
      StepDistribution distribution = new StepDistribution(LEVELS, quantiles);
      double before = 1;
      for (double x = -12; x <= 12; x += 0.125) {
        double atLeast = distribution.above(x, true);
        double above = distribution.above(x, false);
        assertThat(atLeast).isBetween(0.0, before);
        assertThat(above).isBetween(0.0, atLeast);
        assertThat(distribution.below(x, true) + above).isCloseTo(1, within(1e-12));
        before = above;
      }
    }
  }

  @Test
  void requiresTwoLevels() {
    assertThatThrownBy(() -> new StepDistribution(List.of(0.5), new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("levels: expected at least 2, got 1");
  }
}
