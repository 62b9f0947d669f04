package io.eddy.training.choice;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.Bounds;
import io.eddy.series.SteppedSeries;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

final class ValueStatisticsTest {
  private static final double NONE = Double.POSITIVE_INFINITY;

  private final SplittableRandom random = new SplittableRandom(3);

  @Test
  void rareCountsAreSmallCounts() {
    ValueStatistics statistics = of(t -> poisson(0.1));

    assertThat(statistics.isSmallCounts()).isTrue();
    assertThat(statistics.bounds()).isEqualTo(new Bounds(0, NONE, true, false));
  }

  @Test
  void seasonalCountsAreSmallCounts() {
    assertThat(of(t -> poisson(3 + 2.5 * StrictMath.sin(t * Math.PI / 12))).isSmallCounts())
        .isTrue();
  }

  /** Quantiles around a baseline describe these exactly; a distribution of counts does not. */
  @Test
  void whatRepeatsIsNoRandomCount() {
    assertThat(of(t -> t % 24).isSmallCounts()).isFalse();
    assertThat(of(t -> t % 24 == 8 ? 100 : 0).isSmallCounts()).isFalse();
    assertThat(of(t -> 0).isSmallCounts()).isFalse();
  }

  @Test
  void largeCountsAreBoundedOnly() {
    ValueStatistics statistics = of(t -> random.nextInt(40));

    assertThat(statistics.isSmallCounts()).isFalse();
    assertThat(statistics.bounds()).isEqualTo(new Bounds(0, NONE, true, false));
  }

  @Test
  void amountsWithZerosAreNonNegative() {
    assertThat(of(t -> t % 24 < 12 ? 0 : random.nextDouble(5)).bounds())
        .isEqualTo(new Bounds(0, NONE, false, false));
  }

  @Test
  void valuesAboveZeroSoFarAreUnbounded() {
    assertThat(of(t -> 15 + random.nextDouble(10)).bounds()).isEqualTo(Bounds.NONE);
    assertThat(of(t -> random.nextDouble()).bounds()).isEqualTo(Bounds.NONE);
    assertThat(of(t -> random.nextDouble() - 0.5).bounds()).isEqualTo(Bounds.NONE);
  }

  @Test
  void negativeWholeNumbersAreWholeNumbers() {
    assertThat(of(t -> random.nextInt(-5, 5)).bounds())
        .isEqualTo(new Bounds(Double.NEGATIVE_INFINITY, NONE, true, false));
  }

  @Test
  void percentagesAndSharesEnd() {
    IntToDoubleFunction load = t -> clipped(100 * (1.6 * random.nextDouble() - 0.3), 100);
    IntToDoubleFunction share = t -> clipped(1.6 * random.nextDouble() - 0.3, 1);

    assertThat(of(load).bounds()).isEqualTo(new Bounds(0, 100, false, false));
    assertThat(of(share).bounds()).isEqualTo(new Bounds(0, 1, false, false));
  }

  @Test
  void fewDistinctValuesHaveNoUpperBound() {
    assertThat(of(t -> t % 24 == 8 ? 100 : 0).bounds().upper()).isEqualTo(NONE);
    assertThat(of(t -> random.nextInt(2)).bounds().upper()).isEqualTo(NONE);
  }

  private static double clipped(double value, double upper) {
    return Math.max(0, Math.min(upper, value));
  }

  private static ValueStatistics of(IntToDoubleFunction value) {
    double[] values = new double[600];
    for (int t = 0; t < values.length; t++) {
      values[t] = value.applyAsDouble(t);
    }
    return ValueStatistics.of(List.of(new SteppedSeries("a", 0, values)), 600);
  }

  private int poisson(double mean) {
    double limit = StrictMath.exp(-mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }
}
