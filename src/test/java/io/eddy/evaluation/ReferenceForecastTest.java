package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ReferenceForecastTest {
  private static final double[] X = {1, 2, 3, 4, 5, 6, 7};

  @Test
  void naiveRepeatsLastValue() {
    assertThat(ahead(ReferenceForecast.naive(), 4)).containsExactly(5, 5, 5, 5);
  }

  @Test
  void seasonalNaiveRepeatsLastSeason() {
    assertThat(ahead(ReferenceForecast.seasonalNaive(3), 4)).containsExactly(3, 4, 5, 3);
  }

  @Test
  void seasonalNaiveFallsBackToLastValue() {
    assertThat(ahead(ReferenceForecast.seasonalNaive(3), 1)).containsExactly(2, 1, 2, 2);
  }

  private static double[] ahead(ReferenceForecast baseline, int t) {
    double[] ahead = new double[4];
    baseline.rule().forecast(X, t, ahead);
    return ahead;
  }
}
