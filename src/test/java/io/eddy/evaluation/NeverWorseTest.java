package io.eddy.evaluation;

import static io.eddy.evaluation.combination.SimpleSeries.noise;
import static io.eddy.evaluation.combination.SimpleSeries.poisson;
import static io.eddy.evaluation.combination.SimpleSeries.wave;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.evaluation.combination.CombinationEstimator;
import io.eddy.evaluation.combination.SimpleSeries;
import io.eddy.model.BaselineSpec;
import io.eddy.model.CombinationSpec;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Backtests the combination of an untrained network with simple forecasts on series of which one
 * simple forecast is the best one can do. Its parameters and prior weights are estimated as in a
 * training; the test part is the last 15 %.
 */
class NeverWorseTest {
  private static final double TOLERANCE = 1.05;

  /** Errors below this share of the standard deviation count as equal. */
  private static final double FLOOR = 0.01;

  /**
   * A series.
   *
   * @param seasons in steps, which the estimator is given
   */
  record Kind(String name, List<Integer> seasons, int horizon, List<Double> values) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Kind kind(String name, List<Integer> seasons, int horizon, double[] values) {
    return new Kind(name, seasons, horizon, Arrays.stream(values).boxed().toList());
  }

  static Stream<Kind> kinds() {
    SplittableRandom random = new SplittableRandom(7);
    List<Integer> day = List.of(24);
    return Stream.of(
        kind("constant", day, 24, SimpleSeries.of(600, t -> 42)),
        kind("noise", day, 24, SimpleSeries.of(900, t -> 50 + 5 * noise(random))),
        kind("random walk", day, 12, SimpleSeries.walk(900, 3)),
        kind("line", day, 24, SimpleSeries.of(600, t -> 100 + 0.5 * t)),
        kind(
            "line in noise",
            List.of(),
            3,
            SimpleSeries.of(80, t -> 100 + 3 * t + 2 * noise(random))),
        kind(
            "season that divides the horizon",
            day,
            24,
            SimpleSeries.of(600, t -> 10 + 5 * wave(t, 24))),
        kind(
            "season of no calendar",
            List.of(10),
            24,
            SimpleSeries.of(600, t -> 10 + 5 * wave(t, 10))),
        kind("daily pulse", day, 24, SimpleSeries.of(600, t -> t % 24 == 8 ? 100 : 0)),
        kind("saw", day, 17, SimpleSeries.of(600, t -> t % 24)),
        kind(
            "season in noise", day, 24, SimpleSeries.of(900, t -> 8 * wave(t, 24) + noise(random))),
        kind(
            "day and week",
            List.of(24, 168),
            24,
            SimpleSeries.of(
                2000, t -> 30 * wave(t, 24) - (t / 24 % 7 > 4 ? 25 : 0) + 2 * noise(random))),
        kind(
            "trend and season",
            day,
            24,
            SimpleSeries.of(900, t -> 100 + 0.3 * t + 50 * wave(t, 24))),
        kind(
            "growing season",
            day,
            24,
            SimpleSeries.of(900, t -> (100 + 0.3 * t) * (1 + wave(t, 24) / 2))),
        kind(
            "short season",
            List.of(4),
            4,
            SimpleSeries.of(80, t -> 100 + new int[] {0, 10, 30, -20}[t % 4])),
        kind(
            "level shift in noise",
            day,
            24,
            SimpleSeries.of(900, t -> (t < 830 ? 10 : 50) + noise(random))),
        kind("counts", day, 24, SimpleSeries.of(900, t -> poisson(random, 3 + 2.5 * wave(t, 24)))),
        kind("large level", day, 24, SimpleSeries.of(600, t -> 1.7e9 + 5 * wave(t, 24))));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void errorStaysNearTheBestSimpleForecast(Kind kind) {
    double[] x = kind.values().stream().mapToDouble(value -> value).toArray();
    SteppedSeries series = new SteppedSeries("a", 500_000, x);
    long trainEnd = series.firstStep() + x.length * 70L / 100;
    long testBegin = series.firstStep() + x.length * 85L / 100;
    ModelSpecification specification = specification(kind);
    Model net = ModelFile.read(Models.file(specification, 3));
    CombinationSpec combination =
        CombinationEstimator.estimate(
            net,
            List.of(series),
            kind.seasons(),
            new CombinationEstimator.Part(trainEnd, testBegin));
    Model model = ModelFile.read(Models.file(specification.withCombination(combination), 3));

    Accuracy accuracy = backtest(model, series, testBegin, kind.seasons());

    double floor = FLOOR * deviation(x);
    List<Double> errors =
        IntStream.range(0, accuracy.names().size())
            .mapToObj(i -> Math.max(floor, accuracy.all(i).meanAbsoluteError()))
            .toList();
    double best = errors.stream().skip(1).mapToDouble(error -> error).min().orElseThrow();
    assertThat(errors.get(0) / best)
        .as("%s %s", accuracy.names(), errors)
        .isLessThanOrEqualTo(TOLERANCE);
  }

  private static ModelSpecification specification(Kind kind) {
    ModelSpecification hourly =
        Models.specification(
            CellKind.GRU, 4, Math.max(48, kind.seasons().stream().reduce(0, Math::max) + 24));
    return Models.withOutput(
        hourly,
        new ModelSpecification.Output(
            kind.horizon(), hourly.output().head(), List.of(0.1, 0.5, 0.9), BaselineSpec.NAIVE));
  }

  private static Accuracy backtest(
      Model model, SteppedSeries series, long from, List<Integer> seasons) {
    List<Observation> observations = new ArrayList<>();
    for (int t = 0; t < series.size(); t++) {
      long beginMs = model.specification().sampling().startMs(series.firstStep() + t);
      observations.add(new Observation(series.name(), beginMs, series.values()[t]));
    }
    Backtest backtest =
        new Backtest(
            List.of(new ModelSwitch(Long.MIN_VALUE, model)),
            new Backtest.Plan(1, 1, simpleForecasts(seasons)));
    backtest.run(List.of(new Backtest.Pass(series, from, observations)), 1);
    return backtest.accuracy();
  }

  private static List<ReferenceForecast> simpleForecasts(List<Integer> seasons) {
    List<ReferenceForecast> all = new ArrayList<>();
    all.add(ReferenceForecast.naive());
    all.add(new ReferenceForecast("mean", (x, t, ahead) -> Arrays.fill(ahead, mean(x, t))));
    all.add(new ReferenceForecast("drift", NeverWorseTest::drift));
    all.add(new ReferenceForecast("line", NeverWorseTest::line));
    for (int season : seasons) {
      all.add(ReferenceForecast.seasonalNaive(season));
      all.add(
          new ReferenceForecast(
              "seasonal with drift", (x, t, ahead) -> seasonal(x, t, season, ahead)));
      all.add(
          new ReferenceForecast(
              "seasonal mean", (x, t, ahead) -> seasonalMean(x, t, season, ahead)));
    }
    return all;
  }

  private static double mean(double[] x, int t) {
    return Arrays.stream(x, 0, t + 1).sum() / (t + 1);
  }

  private static void drift(double[] x, int t, double[] ahead) {
    for (int j = 1; j <= ahead.length; j++) {
      ahead[j - 1] = x[t] + (x[t] - x[0]) / t * j;
    }
  }

  private static void line(double[] x, int t, double[] ahead) {
    double mean = mean(x, t);
    double middle = t / 2.0;
    double product = 0;
    double square = 0;
    for (int i = 0; i <= t; i++) {
      product += (i - middle) * (x[i] - mean);
      square += (i - middle) * (i - middle);
    }
    for (int j = 1; j <= ahead.length; j++) {
      ahead[j - 1] = mean + product / square * (t + j - middle);
    }
  }

  private static void seasonal(double[] x, int t, int season, double[] ahead) {
    for (int j = 1; j <= ahead.length; j++) {
      int seasons = (j + season - 1) / season;
      ahead[j - 1] = x[t + j - season * seasons] + (x[t] - x[t - season]) * seasons;
    }
  }

  private static void seasonalMean(double[] x, int t, int season, double[] ahead) {
    for (int j = 1; j <= ahead.length; j++) {
      double sum = 0;
      int count = 0;
      for (int i = RollingForecasts.seasonBefore(t, j, season); i >= 0; i -= season) {
        sum += x[i];
        count++;
      }
      ahead[j - 1] = sum / count;
    }
  }

  private static double deviation(double[] x) {
    double mean = mean(x, x.length - 1);
    double sum = 0;
    for (double value : x) {
      sum += (value - mean) * (value - mean);
    }
    double deviation = Math.sqrt(sum / x.length);
    return deviation > 0 ? deviation : 1;
  }
}
