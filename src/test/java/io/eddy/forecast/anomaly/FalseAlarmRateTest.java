package io.eddy.forecast.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.anomaly.AnomalyScore.Change;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FalseAlarmRateTest {
  private static final int SERIES = 30;
  private static final int MONTHS = 6;
  private static final int FIRST_MONTHS = 3;
  private static final int MONTH_STEPS = 720;
  private static final double TOLERANCE = 1.5;

  @ParameterizedTest
  @EnumSource(GeneratedSeries.class)
  void undisturbedSeriesAlarmOncePerMonth(GeneratedSeries kind) {
    assertThat(rate(kind, 1, MONTHS)).isBetween(1 / TOLERANCE, TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"0.2", "1"})
  void firstMonthsHaveNoMoreAlarms(double expected) {
    double sum = 0;
    for (GeneratedSeries kind : GeneratedSeries.values()) {
      sum += rate(kind, expected, FIRST_MONTHS);
    }
    double mean = sum / GeneratedSeries.values().length;

    assertThat(mean).isBetween(expected / TOLERANCE, expected * TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"0.5", "3"})
  void rateFollowsTheSetting(double expected) {
    double rate = rate(GeneratedSeries.SEASON_AND_NOISE, expected, MONTHS);

    assertThat(rate).isBetween(expected / TOLERANCE, expected * TOLERANCE);
  }

  /** Returns the number of episodes per series and month. */
  private static double rate(GeneratedSeries kind, double expected, int months) {
    int steps = months * MONTH_STEPS;
    int begun = 0;
    for (int seed = 1; seed <= SERIES; seed++) {
      AnomalyDetector detector =
          new AnomalyDetector(new AnomalySettings(GeneratedSeries.HOUR_MS, expected));
      double[] values = kind.values(steps, seed);
      for (int t = 0; t < steps; t++) {
        AnomalyScore score = detector.observe(t * GeneratedSeries.HOUR_MS, values[t]);
        begun += score.change() == Change.BEGIN ? 1 : 0;
      }
    }
    return (double) begun / SERIES / months;
  }
}
