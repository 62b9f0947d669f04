package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Observation;
import io.eddy.series.SteppedSeries;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BacktestTest {
  private static final int CONTEXT = 24;
  private static final Model FIRST = Models.model(CellKind.GRU, 8, CONTEXT, 1);
  private static final Model SECOND = Models.model(CellKind.LSTM, 6, CONTEXT, 2);
  private static final long BEGIN = 1000;
  private static final int SEASON = 6;
  private static final List<ReferenceForecast> BASELINES =
      List.of(ReferenceForecast.naive(), ReferenceForecast.seasonalNaive(SEASON));

  private final List<Forecast> seen = new ArrayList<>();

  @Test
  void measuresMatchPlainComputation() {
    double[] x = values(200);
    x[150] = Double.NaN;

    Backtest backtest = run(List.of(new ModelSwitch(Long.MIN_VALUE, FIRST)), 140, 1, x);

    double scaled = 0;
    double symmetric = 0;
    double absolute = 0;
    double pinball = 0;
    double actual = 0;
    double interval = 0;
    int points = 0;
    for (Forecast forecast : seen) {
      int t = origin(forecast);
      double scale = 0;
      int pairs = 0;
      for (int i = SEASON; i <= t; i++) {
        if (!Double.isNaN(x[i]) && !Double.isNaN(x[i - SEASON])) {
          scale += Math.abs(x[i] - x[i - SEASON]);
          pairs++;
        }
      }
      scale /= pairs;
      for (int j = 1; j <= 4 && t + j < x.length; j++) {
        double y = x[t + j];
        if (Double.isNaN(y)) {
          continue;
        }
        double error = Math.abs(y - forecast.value(j, 1));
        points++;
        absolute += error;
        scaled += error / scale;
        symmetric += 200 * error / (Math.abs(y) + Math.abs(forecast.value(j, 1)));
        actual += Math.abs(y);
        for (int k = 0; k < 3; k++) {
          double level = List.of(0.1, 0.5, 0.9).get(k);
          double e = y - forecast.value(j, k);
          pinball += Math.max(level * e, (level - 1) * e);
        }
        double low = forecast.value(j, 0);
        double high = forecast.value(j, 2);
        interval += (high - low + 10 * Math.max(low - y, 0) + 10 * Math.max(y - high, 0)) / scale;
      }
    }
    ErrorMeasures model = backtest.accuracy().all(0);
    assertThat(model.points()).isEqualTo(points).isEqualTo(59 * 4 - 10 - 4);
    assertThat(model.meanAbsoluteError()).isCloseTo(absolute / points, within(1e-9));
    assertThat(model.meanAbsoluteScaledError()).isCloseTo(scaled / points, within(1e-9));
    assertThat(model.symmetricPercentageError()).isCloseTo(symmetric / points, within(1e-9));
    assertThat(model.weightedQuantileLoss()).isCloseTo(2 * pinball / 3 / actual, within(1e-9));
    assertThat(model.meanScaledIntervalScore()).isCloseTo(interval / points, within(1e-9));
  }

  @Test
  void baselinesAreMeasuredOnTheSamePoints() {
    double[] x = values(60);
    x[50] = Double.NaN;

    Backtest backtest = run(List.of(new ModelSwitch(Long.MIN_VALUE, FIRST)), 30, 1, x);

    double naive = 0;
    for (int t = 30; t < 59; t++) {
      naive += t == 50 || t == 49 ? 0 : Math.abs(x[t + 1] - x[t]);
    }
    Accuracy accuracy = backtest.accuracy();
    assertThat(accuracy.names()).containsExactly("model", "naive", "seasonal naive");
    assertThat(accuracy.at(1, 1).points()).isEqualTo(27).isEqualTo(accuracy.at(0, 1).points());
    assertThat(accuracy.at(1, 1).meanAbsoluteError()).isCloseTo(naive / 27, within(1e-12));
  }

  @Test
  void measuresEveryNthOrigin() {
    Backtest backtest = run(List.of(new ModelSwitch(Long.MIN_VALUE, FIRST)), 30, 10, values(60));

    assertThat(seen).extracting(BacktestTest::origin).containsExactly(30, 40, 50);
    assertThat(backtest.origins()).isEqualTo(3);
  }

  @Test
  void forecastsEqualStreamBitForBit() {
    double[] x = values(60);
    StepFunction steps = new StepFunction();
    SeriesState state = SeriesState.inMemory(FIRST);

    run(List.of(new ModelSwitch(Long.MIN_VALUE, FIRST)), 0, 1, x);

    for (int t = 0; t < x.length; t++) {
      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(state, observation(t, x[t]), FIRST, 0);
      assertThat(seen.get(t).values()).isEqualTo(expected.forecast().values());
    }
  }

  @Test
  void switchRebuildsStateFromLastSteps() {
    double[] x = values(100);

    run(
        List.of(
            new ModelSwitch(Long.MIN_VALUE, FIRST),
            new ModelSwitch(observation(70, 0).timestampMs(), SECOND)),
        60,
        1,
        x);

    // A cold start on the last W steps before the switch.
    StepFunction steps = new StepFunction();
    SeriesState state = SeriesState.inMemory(SECOND);
    for (int t = 70 - CONTEXT; t < 100; t++) {
      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(state, observation(t, x[t]), SECOND, 0);
      if (t >= 70) {
        Forecast actual = seen.get(t - 60);
        assertThat(actual.origin().served()).isEqualTo(new Forecast.Served(SECOND.version(), 1));
        assertThat(actual.values()).isEqualTo(expected.forecast().values());
      }
    }
    assertThat(seen.get(9).origin().served().version()).isEqualTo(FIRST.version());
  }

  @Test
  void forecastIgnoresValuesAfterItsOrigin() {
    double[] x = values(100);
    double[] changed = x.clone();
    Arrays.fill(changed, 80, 100, -1e6);
    List<ModelSwitch> rollouts = List.of(new ModelSwitch(Long.MIN_VALUE, FIRST));

    run(rollouts, 0, 1, x);
    List<Forecast> before = List.copyOf(seen);
    seen.clear();
    run(rollouts, 0, 1, changed);

    for (int t = 0; t < 80; t++) {
      assertThat(seen.get(t).values()).isEqualTo(before.get(t).values());
    }
    assertThat(seen.get(80).values()).isNotEqualTo(before.get(80).values());
  }

  @Test
  void aggregatedStepIsForecastWhenComplete() {
    Model mean =
        ModelFile.read(
            Models.file(Models.specification(CellKind.GRU, 8, CONTEXT, Aggregation.MEAN), 1));
    double[] x = values(40);
    List<Observation> observations = new ArrayList<>();
    for (int t = 0; t < x.length; t++) {
      long beginMs = (BEGIN + t) * Models.INTERVAL.toMillis();
      observations.add(new Observation("a", beginMs, x[t] - 1));
      observations.add(new Observation("a", beginMs + 1000, x[t] + 1));
    }
    Backtest backtest =
        new Backtest(
            List.of(new ModelSwitch(Long.MIN_VALUE, mean)),
            new Backtest.Plan(1, SEASON, BASELINES));

    backtest.run(
        new Backtest.Pass(new SteppedSeries("a", BEGIN, x), BEGIN + 30, observations), seen::add);

    assertThat(seen)
        .extracting(BacktestTest::origin)
        .containsExactly(30, 31, 32, 33, 34, 35, 36, 37, 38);
    assertThat(backtest.accuracy().all(0).points()).isEqualTo(9 * 4 - 6);
  }

  @Test
  void passHasItsOwnFirstOriginAndEnd() {
    double[] x = values(60);
    Backtest backtest =
        new Backtest(
            List.of(new ModelSwitch(Long.MIN_VALUE, FIRST)),
            new Backtest.Plan(5, SEASON, BASELINES));

    backtest.run(
        new Backtest.Pass(
            new SteppedSeries("a", BEGIN, x), BEGIN + 41, observations(x).subList(0, 57)),
        seen::add);

    assertThat(seen).extracting(BacktestTest::origin).containsExactly(41, 46, 51, 56);
    assertThat(backtest.accuracy().all(0).points()).isEqualTo(4 * 4 - 1);
  }

  @Test
  void errorsBySeriesAddUpToTotal() {
    Backtest backtest =
        new Backtest(
            List.of(new ModelSwitch(Long.MIN_VALUE, FIRST)), new Backtest.Plan(1, 6, BASELINES));
    for (String name : List.of("a", "b")) {
      double[] x = values(name.equals("a") ? 40 : 80);
      backtest.run(
          new Backtest.Pass(new SteppedSeries(name, BEGIN, x), BEGIN, observations(x)), seen::add);
    }

    List<Backtest.SeriesErrors> errors = backtest.bySeries();

    assertThat(errors).extracting(Backtest.SeriesErrors::series).containsExactly("a", "b");
    assertThat(errors.get(0).measures().get(2).points()).isEqualTo(40 * 4 - 10);
    assertThat(backtest.accuracy().all(2).points()).isEqualTo(40 * 4 - 10 + 80 * 4 - 10);
  }

  /** Some series have more forecasts than the buffer holds. */
  @ParameterizedTest
  @CsvSource({"2, 1000000", "3, 200", "5, 0"})
  void parallelRunEqualsSequentialRun(int threads, long maxBuffered) {
    Backtest expected = backtestOf(FIRST, Long.MAX_VALUE);
    List<Forecast> inTurn = new ArrayList<>();
    expected.run(passes(), 1, inTurn::add);
    Backtest backtest = backtestOf(FIRST, maxBuffered);

    backtest.run(passes(), threads, seen::add);

    assertThat(seen).usingRecursiveFieldByFieldElementComparator().isEqualTo(inTurn);
    assertThat(backtest.origins()).isEqualTo(expected.origins()).isPositive();
    assertThat(backtest.bySeries()).usingRecursiveComparison().isEqualTo(expected.bySeries());
    assertThat(backtest.accuracy()).usingRecursiveComparison().isEqualTo(expected.accuracy());

    Backtest unseen = backtestOf(FIRST, maxBuffered);
    unseen.run(passes(), threads);

    assertThat(unseen.bySeries()).usingRecursiveComparison().isEqualTo(expected.bySeries());
  }

  @Test
  void parallelRunThrowsErrorOfSeries() {
    Backtest backtest = backtestOf(withWeights(1e38f), Long.MAX_VALUE);

    assertThatThrownBy(() -> backtest.run(passes(), 2, seen::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("series 0: the forecast from 1970-\\S+, step \\d, is .*");
    assertThat(seen).isEmpty();
  }

  private static Backtest backtestOf(Model model, long maxBuffered) {
    return new Backtest(
        List.of(new ModelSwitch(Long.MIN_VALUE, model)),
        new Backtest.Plan(1, SEASON, BASELINES),
        maxBuffered);
  }

  /** Returns seven series of 30 to 90 steps. */
  private static List<Backtest.Pass> passes() {
    return IntStream.range(0, 7)
        .mapToObj(
            i -> {
              double[] x = values(30 + 10 * i);
              SteppedSeries series = new SteppedSeries(Integer.toString(i), BEGIN, x);
              return new Backtest.Pass(series, BEGIN, observations(x));
            })
        .toList();
  }

  @Test
  void rejectsNonFiniteForecast() {
    Model tooLarge = withWeights(1e38f);

    assertThatThrownBy(
            () -> run(List.of(new ModelSwitch(Long.MIN_VALUE, tooLarge)), 30, 1, values(60)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("series a: the forecast from 1970-\\S+, step \\d, is .*");
  }

  /** Returns a model whose weights are all equal. */
  private static Model withWeights(float weight) {
    byte[] file = Models.file(Models.specification(CellKind.GRU, 8, CONTEXT), 1);
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) bytes.getLong();
    for (int at = Long.BYTES + header; at < file.length; at += Float.BYTES) {
      bytes.putFloat(at, weight);
    }
    return ModelFile.read(file);
  }

  private Backtest run(List<ModelSwitch> rollouts, int from, int every, double[] x) {
    Backtest backtest = new Backtest(rollouts, new Backtest.Plan(every, SEASON, BASELINES));
    backtest.run(
        new Backtest.Pass(new SteppedSeries("a", BEGIN, x), BEGIN + from, observations(x)),
        seen::add);
    return backtest;
  }

  private static int origin(Forecast forecast) {
    return (int) (forecast.origin().timestampMs() / Models.INTERVAL.toMillis() - BEGIN);
  }

  private static Observation observation(int t, double value) {
    return new Observation("a", (BEGIN + t) * Models.INTERVAL.toMillis(), value);
  }

  private static List<Observation> observations(double[] x) {
    List<Observation> observations = new ArrayList<>();
    for (int t = 0; t < x.length; t++) {
      if (!Double.isNaN(x[t])) {
        observations.add(observation(t, x[t]));
      }
    }
    return observations;
  }

  private static double[] values(int steps) {
    SplittableRandom random = new SplittableRandom(3);
    double[] values = new double[steps];
    for (int t = 0; t < steps; t++) {
      values[t] = 20 + 5 * StrictMath.sin(2 * Math.PI * t / SEASON) + random.nextGaussian();
    }
    return values;
  }
}
