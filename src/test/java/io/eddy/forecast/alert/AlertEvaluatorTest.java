package io.eddy.forecast.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.Alert.Change;
import io.eddy.model.ModelVersion;
import io.eddy.series.Interval;
import io.eddy.series.store.InMemorySeriesStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AlertEvaluatorTest {
  private static final List<Double> LEVELS = List.of(0.05, 0.25, 0.5, 0.75, 0.95);
  private static final double[] NORMAL = {-1.6449, -0.6745, 0, 0.6745, 1.6449};
  private static final Interval HOUR = Interval.of(Duration.ofHours(1));
  private static final long BEGIN_MS = Instant.parse("2026-01-20T00:00:00Z").toEpochMilli();
  private static final int HORIZON = 12;

  private final InMemorySeriesStore store = new InMemorySeriesStore();

  @Test
  void rampFiresBeforeCrossingAndClearsAfterIt() {
    AlertRules rules = AlertRules.parse("hot: t > 80 within PT6H with probability 0.7");
    double[] values = new double[120];
    for (int t = 0; t < values.length; t++) {
      values[t] = 60 + Math.min(30, t) - Math.max(0, Math.min(30, t - 50));
    }

    List<Alert> alerts = run(rules, values, 1);

    assertThat(alerts).extracting(Alert::change).containsExactly(Change.FIRED, Change.CLEARED);
    // The value exceeds 80 from step 21 to step 59.
    assertThat(step(alerts.get(0).origin().timestampMs())).isBetween(14L, 18L);
    assertThat(step(Objects.requireNonNull(alerts.get(0).outlook().crossingMs())))
        .isBetween(20L, 22L);
    assertThat(step(alerts.get(1).origin().timestampMs())).isBetween(60L, 90L);
    assertThat(alerts.get(1).firedMs()).isEqualTo(alerts.get(0).origin().timestampMs());
    assertThat(alerts.get(1).outlook().crossingMs()).isNull();
    assertThat(store.get(AlertKey.ACTIVE)).isNull();
  }

  @Test
  void noiseAroundThresholdKeepsAlertsActive() {
    for (double level = 77; level <= 83; level += 0.5) {
      for (int seed = 0; seed < 10; seed++) {
        Random random = new Random(seed);
        double[] values = new double[1000];
        for (int t = 0; t < values.length; t++) {
          values[t] = level + 1.5 * random.nextGaussian();
        }

        List<Alert> alerts =
            run(AlertRules.parse("t > 80 within PT6H with probability 0.7"), values, 1.5);

        assertThat(alerts).as("level %s, seed %d", level, seed).hasSizeLessThanOrEqualTo(4);
        for (int i = 1; i < alerts.size(); i += 2) {
          assertThat(step(alerts.get(i).origin().timestampMs()))
              .as("level %s, seed %d, change %d", level, seed, i)
              .isGreaterThanOrEqualTo(step(alerts.get(i - 1).origin().timestampMs()) + 24);
        }
        store.delete(AlertKey.ACTIVE);
      }
    }
  }

  @Test
  void noisyRampFiresAndClearsOnce() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      double[] values = new double[1000];
      for (int t = 0; t < values.length; t++) {
        values[t] = 60 + 0.1 * Math.min(t, 700 - t) + random.nextGaussian();
      }

      List<Alert> alerts =
          run(AlertRules.parse("t > 80 within PT6H with probability 0.4"), values, 1.1);

      assertThat(alerts)
          .as("seed %d", seed)
          .extracting(Alert::change)
          .containsExactly(Change.FIRED, Change.CLEARED);
      // The mean crosses at steps 200 and 500.
      assertThat(step(alerts.get(0).origin().timestampMs())).isBetween(150L, 199L);
      assertThat(step(alerts.get(1).origin().timestampMs())).isBetween(500L, 560L);
    }
  }

  @Test
  void clearsAfterStatedTime() {
    AlertRules rules =
        AlertRules.parse("t > 80 within 6 steps with probability 0.7 clear below 0.5 after PT2H");
    AlertEvaluator evaluator = new AlertEvaluator(rules);

    assertThat(evaluator.evaluate(forecast(0, 85, 0, 1), store)).hasSize(1);
    assertThat(evaluator.evaluate(forecast(1, 70, 0, 1), store)).isEmpty();
    assertThat(evaluator.evaluate(forecast(2, 80.1, 0, 1), store)).isEmpty();
    assertThat(evaluator.evaluate(forecast(3, 70, 0, 1), store)).isEmpty();
    assertThat(evaluator.evaluate(forecast(4, 70, 0, 1), store))
        .extracting(Alert::reason)
        .containsExactly(
            "The probability that t is above 80 within 6 steps has been below 0.50 since"
                + " 2026-01-20T03:00:00Z; it is now 0.00.");
  }

  @Test
  void reasonStatesProbabilityAndCrossing() {
    AlertEvaluator evaluator =
        new AlertEvaluator(AlertRules.parse("t > 80 within PT6H with probability 0.7"));

    List<Alert> alerts = evaluator.evaluate(forecast(0, 77, 1, 1), store);

    assertThat(alerts.get(0).outlook().probability()).isBetween(0.85, 0.95);
    assertThat(alerts.get(0).reason())
        .startsWith("t is forecast to be above 80 within PT6H with probability 0.")
        .endsWith("; the crossing is expected at 2026-01-20T03:00:00Z, with a median of 80.0.");
  }

  @Test
  void rulesOfOneSeriesAreIndependent() {
    AlertRules rules = AlertRules.parse("high: t > 80, low: t* < 50, other: u > 0");
    AlertEvaluator evaluator = new AlertEvaluator(rules);

    assertThat(evaluator.evaluate(forecast(0, 85, 0, 1), store))
        .extracting(alert -> alert.rule().name())
        .containsExactly("high");
    assertThat(evaluator.evaluate(forecast(1, 40, 0, 1), store))
        .extracting(alert -> alert.rule().name())
        .containsExactly("low");
    assertThat(Objects.requireNonNull(store.get(AlertKey.ACTIVE)).all()).hasSize(2);
  }

  @Test
  void removedRuleClears() {
    new AlertEvaluator(AlertRules.parse("hot: t > 80")).evaluate(forecast(0, 85, 0, 1), store);

    List<Alert> alerts =
        new AlertEvaluator(AlertRules.parse("u > 1")).evaluate(forecast(1, 85, 0, 1), store);

    assertThat(alerts).extracting(Alert::change).containsExactly(Change.CLEARED);
    assertThat(alerts.get(0).rule().name()).isEqualTo("hot");
    assertThat(alerts.get(0).reason()).isEqualTo("The rule was removed from the settings.");
    assertThat(store.get(AlertKey.ACTIVE)).isNull();
  }

  @Test
  void pointForecastFiresNothing() {
    Forecast points = new Forecast(origin(0), List.of(), 0, new double[] {90, 90, 90});

    assertThat(new AlertEvaluator(AlertRules.parse("t > 80")).evaluate(points, store)).isEmpty();
  }

  @Test
  void withinLimitsStepsOfCalendarInterval() {
    Interval months = Interval.parse("P1M");
    Forecast forecast =
        new Forecast(
            new Forecast.Origin(
                "t", months.startMs(0), months, new Forecast.Served(version(), 1), true),
            LEVELS,
            0,
            new double[30]);

    assertThat(AlertRules.parse("t > 1 within 62d").all().get(0).steps(forecast)).isEqualTo(2);
    assertThat(AlertRules.parse("t > 1 within 1d").all().get(0).steps(forecast)).isEqualTo(1);
    assertThat(AlertRules.parse("t > 1").all().get(0).steps(forecast)).isEqualTo(6);
  }

  /** Forecasts by exponential smoothing with a trend; without noise, by the last difference. */
  private List<Alert> run(AlertRules rules, double[] values, double spread) {
    AlertEvaluator evaluator = new AlertEvaluator(rules);
    List<Alert> alerts = new ArrayList<>();
    double levelRate = spread > 1 ? 0.3 : 1;
    double trendRate = spread > 1 ? 0.02 : 1;
    double level = values[0];
    double trend = 0;
    for (int t = 0; t < values.length; t++) {
      double before = level;
      level += trend + levelRate * (values[t] - level - trend);
      trend += trendRate * (level - before - trend);
      alerts.addAll(evaluator.evaluate(forecast(t, level, trend, spread), store));
    }
    return alerts;
  }

  private static Forecast forecast(int step, double level, double drift, double spread) {
    double[] values = new double[HORIZON * LEVELS.size()];
    for (int j = 0; j < HORIZON; j++) {
      for (int k = 0; k < LEVELS.size(); k++) {
        values[j * LEVELS.size() + k] =
            level + drift * (j + 1) + spread * Math.sqrt(j + 1) * NORMAL[k];
      }
    }
    return new Forecast(origin(step), LEVELS, 0, values);
  }

  private static Forecast.Origin origin(int step) {
    return new Forecast.Origin(
        "t", HOUR.plusSteps(BEGIN_MS, step), HOUR, new Forecast.Served(version(), 1), true);
  }

  private static ModelVersion version() {
    return ModelVersion.of(new byte[] {1});
  }

  private static long step(long timestampMs) {
    return (timestampMs - BEGIN_MS) / HOUR.fixedMs();
  }
}
