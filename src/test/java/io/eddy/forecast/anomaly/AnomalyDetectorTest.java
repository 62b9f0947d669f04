package io.eddy.forecast.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.forecast.anomaly.AnomalyScore.Change;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnomalyDetectorTest {
  private static final AnomalySettings SETTINGS = new AnomalySettings(GeneratedSeries.HOUR_MS, 1);

  @Test
  void sameStepsGiveSameBits() {
    double[] values = GeneratedSeries.HEAVY_TAILS.values(1000, 1);

    assertThat(scores(values)).isEqualTo(scores(values));
  }

  @Test
  void scoresAreBetweenZeroAndOne() {
    double[] values = GeneratedSeries.SEASON_AND_NOISE.values(1000, 1);
    values[500] = 1e300;
    values[600] = -1e300;
    values[700] = 1e-300;

    assertThat(scores(values)).allSatisfy(score -> assertThat(score.score()).isBetween(0.0, 1.0));
  }

  @Test
  void constantSeriesHasNoEpisodeUntilItChanges() {
    double[] values = new double[1000];
    values[900] = 5;

    List<AnomalyScore> scores = scores(values);

    assertThat(scores.subList(0, 900)).allMatch(score -> score.change() == Change.NONE);
    assertThat(scores.get(900).change()).isEqualTo(Change.BEGIN);
  }

  @Test
  void intervalContainsNineOfTenValues() {
    double[] values = GeneratedSeries.SEASON_AND_NOISE.values(4000, 1);
    List<AnomalyScore> scores = scores(values);

    int inside = 0;
    for (int t = 1000; t < values.length; t++) {
      inside += scores.get(t).expected().contains(values[t]) ? 1 : 0;
    }

    assertThat(inside / 3000.0).isBetween(0.88, 0.92);
  }

  @Test
  void forecastFindsWhatTheValuesAloneDoNot() {
    double[] values = GeneratedSeries.NOISE.values(1500, 1);
    AnomalyDetector detector = new AnomalyDetector(SETTINGS);
    List<Integer> begun = new ArrayList<>();
    for (int t = 0; t < values.length; t++) {
      double median = values[t] + (t == 1400 ? 3 : 0.1);
      Expectation forecast = new Expectation(median, median - 0.3, median + 0.3);
      AnomalyScore score = detector.observe(t * GeneratedSeries.HOUR_MS, values[t], forecast);
      if (score.change() == Change.BEGIN) {
        begun.add(t);
      }
    }

    assertThat(begun).contains(1400);
  }

  @Test
  void shortGapsAreNoEpisode() {
    double[] values = GeneratedSeries.NOISE.values(1000, 1);
    AnomalyDetector detector = new AnomalyDetector(SETTINGS);
    for (int t = 0; t < values.length; t++) {
      long timeMs = t * GeneratedSeries.HOUR_MS;
      AnomalyScore score =
          t % 10 < 2 ? detector.absent(timeMs, false) : detector.observe(timeMs, values[t]);
      assertThat(score.episode() == null || !score.episode().kind().isAbsence()).isTrue();
    }
  }

  @Test
  void rejectsRateThatIsNoRate() {
    assertThatThrownBy(() -> new AnomalySettings(1, 0))
        .hasMessage("expectedFalseAlarms: expected a number above 0, got 0.0");
  }

  private static List<AnomalyScore> scores(double[] values) {
    AnomalyDetector detector = new AnomalyDetector(SETTINGS);
    List<AnomalyScore> scores = new ArrayList<>();
    for (int t = 0; t < values.length; t++) {
      scores.add(detector.observe(t * GeneratedSeries.HOUR_MS, values[t]));
    }
    return scores;
  }
}
