package io.eddy.forecast.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.anomaly.AnomalyScore.Change;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FalseAlarmRateTest {
  private static final int SERIES = 30;
  private static final int MONTHS = 6;
  private static final int STEPS = MONTHS * 720;
  private static final double TOLERANCE = 1.5;

  @ParameterizedTest
  @EnumSource(GeneratedSeries.class)
  void undisturbedSeriesAlarmOncePerMonth(GeneratedSeries kind) {
    assertThat(rate(kind, 1)).isBetween(1 / TOLERANCE, TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"0.5", "3"})
  void rateFollowsTheSetting(double expected) {
    double rate = rate(GeneratedSeries.SEASON_AND_NOISE, expected);

    assertThat(rate).isBetween(expected / TOLERANCE, expected * TOLERANCE);
  }

  /** Returns the number of episodes per series and month. */
  private static double rate(GeneratedSeries kind, double expected) {
    int begun = 0;
    for (int seed = 1; seed <= SERIES; seed++) {
      AnomalyDetector detector =
          new AnomalyDetector(new AnomalySettings(GeneratedSeries.HOUR_MS, expected));
      double[] values = kind.values(STEPS, seed);
      for (int t = 0; t < STEPS; t++) {
        AnomalyScore score = detector.observe(t * GeneratedSeries.HOUR_MS, values[t]);
        begun += score.change() == Change.BEGIN ? 1 : 0;
      }
    }
    return (double) begun / SERIES / MONTHS;
  }
}
