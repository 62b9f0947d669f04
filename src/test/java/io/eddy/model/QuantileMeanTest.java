package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

final class QuantileMeanTest {
  private static final List<Double> LEVELS = List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
  private static final List<Double> THREE = List.of(0.1, 0.5, 0.9);

  /** Linear interpolation between the levels adds less than 2 %. */
  @Test
  void exponentialHasMeanOne() {
    DoubleUnaryOperator quantile = level -> -StrictMath.log(1 - level);

    assertThat(mean(LEVELS, quantile, Bounds.NON_NEGATIVE)).isCloseTo(1, within(0.02));
    assertThat(mean(THREE, quantile, Bounds.NON_NEGATIVE)).isCloseTo(1, within(0.12));
  }

  @Test
  void symmetricDistributionsHaveTheirMedian() {
    assertThat(mean(LEVELS, level -> 7 + 3 * StandardQuantile.gaussian(level), Bounds.NONE))
        .isCloseTo(7, within(1e-9));
    assertThat(mean(LEVELS, level -> 7 + 3 * StandardQuantile.studentT(level), Bounds.NONE))
        .isCloseTo(7, within(1e-9));
  }

  @Test
  void logNormalIsAboveItsMedian() {
    double mean =
        mean(
            LEVELS, level -> StrictMath.exp(StandardQuantile.gaussian(level)), Bounds.NON_NEGATIVE);

    // e^½; without tails it would be 1.36.
    assertThat(mean).isCloseTo(1.649, within(0.12));
  }

  @Test
  void lowerTailStopsAtBound() {
    double[] values = {0.1, 1, 2};
    QuantileMean mean = new QuantileMean(THREE);

    assertThat(mean.of(values, 0, Bounds.NON_NEGATIVE))
        .isGreaterThan(mean.of(values, 0, Bounds.NONE));
    assertThat(mean.of(new double[] {0, 0, 0}, 0, Bounds.NON_NEGATIVE)).isZero();
  }

  @Test
  void meanStaysWithinBounds() {
    Bounds share = new Bounds(0, 1, false, false);
    QuantileMean mean = new QuantileMean(THREE);

    assertThat(mean.of(new double[] {0, 0, 1}, 0, share)).isBetween(0.0, 1.0);
    assertThat(mean.of(new double[] {1, 1, 1}, 0, share)).isEqualTo(1, within(1e-12));
    assertThat(mean.of(new double[] {0, 1, 1}, 0, share)).isBetween(0.0, 1.0);
  }

  @Test
  void singleLevelIsItsOwnMean() {
    assertThat(new QuantileMean(List.of(0.5)).of(new double[] {9, 4}, 1, Bounds.NONE)).isEqualTo(4);
  }

  private static double mean(List<Double> levels, DoubleUnaryOperator quantile, Bounds bounds) {
    double[] values = levels.stream().mapToDouble(level -> quantile.applyAsDouble(level)).toArray();
    return new QuantileMean(levels).of(values, 0, bounds);
  }
}
