package io.eddy.forecast.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.anomaly.AnomalyScore.Change;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InjectedAnomaliesTest {
  private static final int SERIES = 40;
  private static final int STEPS = 2300;
  private static final int MAX_DELAY = 12;
  private static final double MIN_SHARE = 0.85;

  @ParameterizedTest
  @EnumSource(AnomalyKind.class)
  void findsAndNamesKindsInSeasonalSeries(AnomalyKind kind) {
    assertFound(GeneratedSeries.SEASON_AND_NOISE, kind);
  }

  @ParameterizedTest
  @EnumSource(value = AnomalyKind.class, mode = EnumSource.Mode.EXCLUDE, names = "BROKEN_SEASON")
  void findsAndNamesKindsInNoise(AnomalyKind kind) {
    assertFound(GeneratedSeries.NOISE, kind);
  }

  @ParameterizedTest
  @CsvSource({"LEVEL_SHIFT", "VARIANCE_CHANGE", "FLAT_LINE"})
  void findsAndNamesKindsInAutoregressiveSeries(AnomalyKind kind) {
    assertFound(GeneratedSeries.AUTOREGRESSIVE, kind);
  }

  private static void assertFound(GeneratedSeries base, AnomalyKind kind) {
    int found = 0;
    int named = 0;
    for (int seed = 1; seed <= SERIES; seed++) {
      Random random = new Random(seed);
      int begin = 1500 + random.nextInt(200);
      double[] values = base.values(STEPS, 100 + seed);
      inject(kind, values, begin, random);
      Episode episode = episode(values, begin, kind == AnomalyKind.SILENCE);
      if (episode != null) {
        found++;
        named += episode.kind() == kind ? 1 : 0;
        assertThat(episode.reason()).endsWith(".").doesNotContain("NaN");
      }
    }
    assertThat(found).as("found").isGreaterThanOrEqualTo((int) (MIN_SHARE * SERIES));
    assertThat(named).as("named of %d", found).isGreaterThanOrEqualTo((int) (MIN_SHARE * found));
  }

  private static void inject(AnomalyKind kind, double[] values, int begin, Random random) {
    int sign = random.nextBoolean() ? 1 : -1;
    switch (kind) {
      case SPIKE -> values[begin] += sign * 10;
      case LEVEL_SHIFT -> shift(values, begin, sign * 8.0);
      case VARIANCE_CHANGE -> {
        for (int t = begin; t < begin + 48; t++) {
          values[t] += 7 * random.nextGaussian();
        }
      }
      case FLAT_LINE -> Arrays.fill(values, begin, begin + 24, values[begin]);
      case BROKEN_SEASON -> {
        for (int t = begin; t < begin + 72; t++) {
          values[t] = 20 + random.nextGaussian();
        }
      }
      case MISSING_DATA -> Arrays.fill(values, begin, begin + 12, Double.NaN);
      case SILENCE -> Arrays.fill(values, begin, STEPS, Double.NaN);
    }
  }

  private static void shift(double[] values, int begin, double difference) {
    for (int t = begin; t < STEPS; t++) {
      values[t] += difference;
    }
  }

  /** Returns the last state of the episode that begins soon after a step; null without one. */
  private static @Nullable Episode episode(double[] values, int begin, boolean isSilent) {
    AnomalyDetector detector = detector();
    Episode found = null;
    for (int t = 0; t < STEPS; t++) {
      long timeMs = t * GeneratedSeries.HOUR_MS;
      AnomalyScore score =
          Double.isNaN(values[t])
              ? detector.absent(timeMs, isSilent)
              : detector.observe(timeMs, values[t]);
      boolean isNear = t >= begin && t <= begin + MAX_DELAY;
      if (found == null && isNear && score.change() == Change.BEGIN) {
        found = score.episode();
      } else if (found != null
          && score.episode() != null
          && score.episode().beginMs() == found.beginMs()) {
        found = score.episode();
      }
    }
    return found;
  }

  private static AnomalyDetector detector() {
    return new AnomalyDetector(
        new AnomalySettings(
            GeneratedSeries.HOUR_MS, AnomalySettings.DEFAULT_EXPECTED_FALSE_ALARMS));
  }
}
