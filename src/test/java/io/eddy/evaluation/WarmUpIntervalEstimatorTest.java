package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.model.BaselineSpec;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Provenance;
import io.eddy.model.Transform;
import io.eddy.model.WarmUpIntervals;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.CheckpointStore;
import io.eddy.training.EnsembleTrainer;
import io.eddy.training.TimeSplit;
import io.eddy.training.TrainingListener;
import io.eddy.training.TrainingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trains on 150 sensors and forecasts 200 other sensors from their first steps. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WarmUpIntervalEstimatorTest {
  private static final int HORIZON = 6;
  private static final int CONTEXT = 48;
  private static final List<Double> LEVELS = List.of(0.05, 0.25, 0.5, 0.75, 0.95);
  private static final StepFunction STEPS = new StepFunction();

  /** Seed of the first training; those of the next ones are multiples of 10 larger. */
  private static final long SEED = 1;

  private static final int TRAININGS = 4;

  private final Trained first = trained(SEED);

  /** A model without and with warm-up intervals. */
  private record Trained(Model raw, Model widened) {}

  private static Trained trained(long seed) {
    List<SteppedSeries> learnt = sensors(150, 400, seed);
    TimeSplit split = TimeSplit.of(learnt);
    TrainingSettings settings =
        new TrainingSettings(
            6,
            6,
            TrainingSettings.Optimiser.DEFAULT.withLearningRate(0.01),
            new TrainingSettings.Batches(16, 16, 2, 60),
            1);
    byte[] raw = train(specification(), settings, learnt);
    WarmUpIntervals cold =
        WarmUpIntervalEstimator.measure(
            ModelFile.read(raw), learnt, split.trainEnd(), split.validationEnd());
    return new Trained(ModelFile.read(raw), ModelFile.read(Models.withWarmUpIntervals(raw, cold)));
  }

  /** The coverage of a single training varies by 1 to 3 % with its data. */
  @Test
  void widenedIntervalsKeepCoverageOfNewSeries() {
    double[] missing = coverage(first.raw(), SEED + 1);
    double[] kept = coverage(first.widened(), SEED + 1);
    for (int i = 1; i < TRAININGS; i++) {
      long seed = SEED + 10L * i;
      Trained trained = trained(seed);
      add(coverage(trained.raw(), seed + 1), missing);
      add(coverage(trained.widened(), seed + 1), kept);
    }

    // Groups of 1, 2 to 3, 4 to 7 steps and so on, up to the context length.
    assertThat(missing[0] / TRAININGS).isLessThan(0.8);
    assertThat(missing[1] / TRAININGS).isLessThan(0.8);
    for (int group = 0; group < kept.length; group++) {
      assertThat(kept[group] / TRAININGS).as("group %d", group).isBetween(0.88, 0.97);
    }
  }

  private static void add(double[] shares, double[] sums) {
    for (int group = 0; group < sums.length; group++) {
      sums[group] += shares[group];
    }
  }

  /** Returns the share of values within the 90% interval, by group of known steps. */
  private static double[] coverage(Model model, long seed) {
    int groups = WarmUpIntervals.groupOf(CONTEXT - 1) + 1;
    double[] within = new double[groups];
    int[] points = new int[groups];
    for (SteppedSeries series : sensors(200, CONTEXT + HORIZON, seed)) {
      SeriesState state = SeriesState.inMemory(model);
      for (int t = 0; t < CONTEXT - 1; t++) {
        Forecast forecast = forecast(state, model, series, t);
        int group = WarmUpIntervals.groupOf(forecast.origin().quality().warmSteps());
        for (int j = 1; j <= HORIZON; j++) {
          double value = series.values()[t + j];
          points[group]++;
          within[group] +=
              forecast.value(j, 0) <= value && value <= forecast.value(j, LEVELS.size() - 1)
                  ? 1
                  : 0;
        }
      }
    }
    for (int group = 0; group < groups; group++) {
      within[group] /= points[group];
    }
    return within;
  }

  @Test
  void widensQuantilesOnlyDuringWarmUp() {
    Model narrow = first.raw();
    Model wide = first.widened();
    SteppedSeries series = sensors(3, 100, 3).get(2);
    SeriesState one = SeriesState.inMemory(narrow);
    SeriesState other = SeriesState.inMemory(wide);
    for (int t = 0; t < 100; t++) {
      double[] before = forecast(one, narrow, series, t).values();
      double[] after = forecast(other, wide, series, t).values();
      if (t + 1 >= CONTEXT) {
        assertThat(after).as("step %d", t).isEqualTo(before);
        continue;
      }
      for (int k = 0; k < before.length; k++) {
        int level = k % LEVELS.size();
        double moved = after[k] - before[k];
        assertThat(level < 2 ? -moved : level > 2 ? moved : -Math.abs(moved))
            .as("step %d, value %d", t, k)
            .isGreaterThanOrEqualTo(0);
        assertThat(level == 0 || after[k] >= after[k - 1]).isTrue();
      }
    }
    assertThat(wide.specification().output().warmUpIntervals().maxFactor(1)).isGreaterThan(1.5);
  }

  /** Without level and spread, the errors of other series determine the width. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-9, 70, -1e30, 1e35})
  void constantSeriesHasNonEmptyInterval(double value) {
    Model model = first.widened();
    SeriesState state = SeriesState.inMemory(model);
    for (int t = 0; t < 20; t++) {
      Observation same = new Observation("a", t * 3_600_000L, value);
      Forecast forecast = STEPS.apply(state, same, model, 1).forecasts().get(0).forecast();

      assertThat(forecast.isFinite()).isTrue();
      assertThat(forecast.origin().warm()).isFalse();
      assertThat(forecast.origin().quality().warmSteps()).isEqualTo(t + 1);
      for (int j = 1; j <= HORIZON; j++) {
        double width = forecast.value(j, LEVELS.size() - 1) - forecast.value(j, 0);
        assertThat(width).isGreaterThan(Math.abs(value) < 100 ? 1 : 0);
      }
    }
  }

  @Test
  void pointForecastsHaveNoFactors() {
    ModelSpecification specification = specification();
    ModelSpecification.Output output =
        new ModelSpecification.Output(HORIZON, List.of(), specification.output().baseline());
    ModelSpecification points =
        new ModelSpecification(
            specification.network(),
            specification.sampling(),
            specification.inputs(),
            output,
            CONTEXT,
            specification.provenance());
    List<SteppedSeries> series = sensors(4, 200, 1);
    TrainingSettings settings =
        new TrainingSettings(
            1,
            1,
            TrainingSettings.Optimiser.DEFAULT.withLearningRate(0.01),
            new TrainingSettings.Batches(16, 16, 2, 4),
            1);

    byte[] file = train(points, settings, series);

    assertThat(WarmUpIntervalEstimator.measure(ModelFile.read(file), series, 100, 200))
        .isEqualTo(WarmUpIntervals.NONE);
  }

  private static byte[] train(
      ModelSpecification specification, TrainingSettings settings, List<SteppedSeries> series) {
    return new EnsembleTrainer(List.of(specification), settings, 2, CheckpointStore.NONE)
        .train(series, TimeSplit.of(series), TrainingListener.NONE)
        .toFile(specification.provenance())
        .bytes();
  }

  @Test
  void tooFewDataGiveNoFactors() {
    assertThat(WarmUpIntervalEstimator.measure(first.raw(), sensors(1, 60, 1), 50, 55))
        .isEqualTo(WarmUpIntervals.NONE);
  }

  private static Forecast forecast(SeriesState state, Model model, SteppedSeries series, int t) {
    Observation observation =
        new Observation(
            series.name(),
            model.specification().sampling().startMs(series.firstStep() + t),
            series.values()[t]);
    return STEPS.apply(state, observation, model, 1).forecasts().get(0).forecast();
  }

  /** Returns sensors with different levels, seasons, noise and start times. */
  private static List<SteppedSeries> sensors(int count, int steps, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      double level = 20 + 200 * random.nextDouble();
      double amplitude = level * (0.1 + 0.6 * random.nextDouble());
      double noise = amplitude * (0.05 + 0.2 * random.nextDouble());
      int begin = random.nextInt(24);
      double[] values = new double[steps];
      for (int t = 0; t < steps; t++) {
        double phase = 2 * Math.PI * ((begin + t) % 24) / 24;
        values[t] = level + amplitude * StrictMath.sin(phase) + noise * random.nextGaussian();
      }
      series.add(new SteppedSeries("sensor-" + s, 24_000 + begin, values));
    }
    return series;
  }

  private static ModelSpecification specification() {
    return new ModelSpecification(
        new ModelSpecification.Network(CellKind.GRU, 8, List.of(1)),
        new Sampling(Duration.ofHours(1), Aggregation.FIRST, 3),
        new ModelSpecification.Inputs(1, true, 48, 0, Transform.NONE),
        new ModelSpecification.Output(HORIZON, LEVELS, new BaselineSpec(24)),
        CONTEXT,
        new Provenance("", 0, "", Map.of()));
  }
}
