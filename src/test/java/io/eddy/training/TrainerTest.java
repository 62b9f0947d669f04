package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Baseline;
import io.eddy.model.BaselineSpec;
import io.eddy.model.Covariate;
import io.eddy.model.DecoderKind;
import io.eddy.model.HeadKind;
import io.eddy.model.InputEncoder;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Provenance;
import io.eddy.model.Transform;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.CovariateColumns;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.TrainingSettings.Optimiser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainerTest {
  private static final TrainingSettings QUICK =
      new TrainingSettings(
          4,
          4,
          Optimiser.DEFAULT.withLearningRate(0.01),
          new TrainingSettings.Batches(16, 16, 2, 40),
          1);

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void learnsSeasonThatBaselineLacks(CellKind kind) {
    ModelSpecification specification = specification(kind, List.of(0.1, 0.5, 0.9));
    List<SteppedSeries> series = sines(6, 400);

    Trainer.Result result = train(specification, series, QUICK, 2);
    Trainer.Result untrained = train(specification, series, settings(1, 1e-9, 1), 2);

    assertThat(result.validationLoss()).isLessThan(0.5 * untrained.validationLoss());
  }

  @ParameterizedTest
  @EnumSource(
      value = HeadKind.class,
      names = {"GAUSSIAN", "STUDENT_T"})
  void learnsDistribution(HeadKind head) {
    ModelSpecification specification =
        Models.withOutput(
            specification(CellKind.GRU, List.of(0.1, 0.5, 0.9)),
            new ModelSpecification.Output(3, head, List.of(0.1, 0.5, 0.9), BaselineSpec.NAIVE));
    List<SteppedSeries> series = sines(6, 400);

    Trainer.Result result = train(specification, series, QUICK, 2);
    Trainer.Result untrained = train(specification, series, settings(1, 1e-9, 1), 2);

    // Halving the standard deviation lowers the negative log-likelihood by log 2.
    assertThat(result.validationLoss()).isLessThan(untrained.validationLoss() - StrictMath.log(2));
  }

  /** The classes cycle, except at one step in ten; a uniform guess has a loss of log 4. */
  @Test
  void learnsSequenceOfClasses() {
    ModelSpecification specification =
        Models.withOutput(
            specification(CellKind.GRU, List.of(0.5)),
            ModelSpecification.Output.ofClasses(3, 4, BaselineSpec.NAIVE));
    List<SteppedSeries> series = cyclingClasses(6, 400);

    Trainer.Result result = train(specification, series, QUICK, 2);

    assertThat(result.validationLoss()).isLessThan(0.5 * StrictMath.log(4));
    assertThat(train(specification, series, QUICK, 1).toFile(specification))
        .isEqualTo(result.toFile(specification));
  }

  @Test
  void rejectsValueThatIsNoClass() {
    ModelSpecification specification =
        Models.withOutput(
            specification(CellKind.GRU, List.of(0.5)),
            ModelSpecification.Output.ofClasses(3, 3, BaselineSpec.NAIVE));

    assertThatThrownBy(() -> train(specification, cyclingClasses(1, 100), QUICK, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "series series-0, step at 1970-02-11T19:00:00Z: expected a class, a"
                + " whole number from 0 to 2, got 3.0");
  }

  private static List<SteppedSeries> cyclingClasses(int count, int steps) {
    SplittableRandom random = new SplittableRandom(5);
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      double[] values = new double[steps];
      for (int t = 1; t < steps; t++) {
        double next = (values[t - 1] + 1) % 4;
        values[t] = random.nextInt(10) == 0 ? values[t - 1] : next;
      }
      series.add(new SteppedSeries("series-" + s, 1000, values));
    }
    return series;
  }

  @Test
  void learnsPointForecast() {
    ModelSpecification specification = specification(CellKind.GRU, List.of());
    List<SteppedSeries> series = sines(6, 400);

    Trainer.Result result = train(specification, series, QUICK, 2);
    Trainer.Result untrained = train(specification, series, settings(1, 1e-9, 1), 2);

    assertThat(result.validationLoss()).isLessThan(0.5 * untrained.validationLoss());
  }

  @Test
  void stepsDecoderUsesFutureCalendar() {
    List<SteppedSeries> series = dailySeasons(6, 500);
    ModelSpecification linear = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    ModelSpecification steps =
        Models.withStepsDecoder(
            new ModelSpecification(
                linear.network(),
                linear.sampling(),
                new ModelSpecification.Inputs(1, true, 24),
                linear.output(),
                linear.contextLength(),
                linear.provenance()),
            16);

    Trainer.Result result = train(steps, series, QUICK, 2);
    Trainer.Result untrained = train(steps, series, settings(1, 1e-9, 1), 2);

    assertThat(result.validationLoss()).isLessThan(0.5 * untrained.validationLoss());
    assertThat(train(steps, series, QUICK, 3).toFile(steps)).isEqualTo(result.toFile(steps));
  }

  private static List<SteppedSeries> dailySeasons(int count, int steps) {
    SplittableRandom random = new SplittableRandom(5);
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      double[] values = new double[steps];
      for (int t = 0; t < steps; t++) {
        double phase = 2 * Math.PI * ((1000 + t) % 24) / 24;
        values[t] = 10 * StrictMath.sin(phase) + random.nextGaussian();
      }
      series.add(new SteppedSeries("series-" + s, 1000, values));
    }
    return series;
  }

  @ParameterizedTest
  @EnumSource(Transform.class)
  void linearBaselineFitsSeasonBeforeTraining(Transform transform) {
    ModelSpecification lastValueBaseline = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    ModelSpecification linear = Models.withLinearBaseline(lastValueBaseline, 24, transform);
    List<SteppedSeries> series = shifted(200, sines(6, 400));
    TrainingSettings untrained = settings(1, 1e-9, 1);

    double lastValueLoss = train(lastValueBaseline, series, untrained, 2).validationLoss();
    Trainer.Result result = train(linear, series, untrained, 2);

    assertThat(result.validationLoss()).isLessThan(0.5 * lastValueLoss);
    assertThat(train(linear, series, untrained, 1).toFile(linear)).isEqualTo(result.toFile(linear));
  }

  private static List<SteppedSeries> shifted(double level, List<SteppedSeries> series) {
    return series.stream()
        .map(
            each ->
                new SteppedSeries(
                    each.name(),
                    each.firstStep(),
                    Arrays.stream(each.values()).map(value -> value + level).toArray()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Transform.class)
  void linearBaselineIsFiniteForExtremeSeries(Transform transform) {
    ModelSpecification specification =
        Models.withLinearBaseline(
            specification(CellKind.GRU, List.of(0.1, 0.5, 0.9)), 12, transform);

    byte[] file = train(specification, constants(), QUICK, 1).toFile(specification);

    assertThat(ModelFile.read(file).specification()).isEqualTo(specification);
  }

  @Test
  void continuesFromWeightsOfModel() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    List<SteppedSeries> series = sines(6, 400);
    Model first = ModelFile.read(train(specification, series, QUICK, 2).toFile(specification));
    TrainingSettings oneEpoch = settings(1, 0.001, 2);

    byte[] once = continueTraining(first, specification, series, oneEpoch).toFile(specification);
    Trainer.Result result = continueTraining(first, specification, series, oneEpoch);

    assertThat(result.toFile(specification)).isEqualTo(once);
    assertThat(ModelFile.read(once).version()).isNotEqualTo(first.version());
    assertThat(result.validationLoss())
        .isLessThan(0.5 * train(specification, series, oneEpoch, 2).validationLoss());
  }

  @Test
  void doesNotModifyModelItContinuesFrom() {
    ModelSpecification specification =
        Models.withStepsDecoder(specification(CellKind.LSTM, List.of(0.1, 0.5, 0.9)), 8);
    byte[] file = Models.file(specification, 1);
    Model first = ModelFile.read(file);

    continueTraining(first, specification, sines(6, 400), QUICK);

    assertThat(Models.write(first.member(0))).isEqualTo(file);
  }

  @Test
  void rejectsModelWithDifferentSpecification() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.5));
    Model other = Models.model(CellKind.GRU, 16, 24, 1);

    assertThatThrownBy(() -> continueTraining(other, specification, sines(1, 100), QUICK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("from: expected a member with the specification of this trainer");
  }

  private static Trainer.Result continueTraining(
      Model from,
      ModelSpecification specification,
      List<SteppedSeries> series,
      TrainingSettings settings) {
    try (Trainer trainer = new Trainer(specification, settings, 2, CheckpointStore.NONE)) {
      return trainer.train(
          series, TimeSplit.withoutTest(series), TrainingListener.NONE, from.member(0));
    }
  }

  @Test
  void sameSeedGivesSameBytesOnAnyThreads() {
    ModelSpecification specification = specification(CellKind.LSTM, List.of(0.1, 0.5, 0.9));
    List<SteppedSeries> series = sines(3, 200);

    byte[] one = train(specification, series, QUICK, 1).toFile(specification);
    byte[] two = train(specification, series, QUICK, 2).toFile(specification);
    byte[] three = train(specification, series, QUICK, 3).toFile(specification);

    assertThat(one).isEqualTo(two).isEqualTo(three);
  }

  @Test
  void dropoutChangesResultButNotWithThreads() {
    ModelSpecification plain = specification(CellKind.GRU, List.of(0.5));
    ModelSpecification withDropout =
        Models.withNetwork(
            plain, new ModelSpecification.Network(CellKind.GRU, 8, List.of(1, 2), 0.3));
    ModelSpecification withoutDropoutSpecification =
        Models.withNetwork(plain, new ModelSpecification.Network(CellKind.GRU, 8, List.of(1, 2)));
    List<SteppedSeries> series = sines(3, 200);

    byte[] one = train(withDropout, series, QUICK, 1).toFile(withDropout);
    byte[] three = train(withDropout, series, QUICK, 3).toFile(withDropout);
    byte[] withoutDropout =
        train(withoutDropoutSpecification, series, QUICK, 1).toFile(withDropout);

    assertThat(one).isEqualTo(three).isNotEqualTo(withoutDropout);
    assertThat(ModelFile.read(one).specification()).isEqualTo(withDropout);
  }

  @Test
  void differentSeedGivesDifferentFile() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.5));
    List<SteppedSeries> series = sines(3, 200);
    TrainingSettings other = settings(4, 0.01, 2);

    assertThat(train(specification, series, QUICK, 1).toFile(specification))
        .isNotEqualTo(train(specification, series, other, 1).toFile(specification));
  }

  @ParameterizedTest
  @EnumSource(DecoderKind.class)
  void weightDecayReducesWeights(DecoderKind decoder) {
    ModelSpecification linear = specification(CellKind.GRU, List.of(0.5));
    ModelSpecification specification =
        decoder == DecoderKind.LINEAR ? linear : Models.withStepsDecoder(linear, 8);
    List<SteppedSeries> series = sines(3, 200);

    byte[] plain = train(specification, series, QUICK, 1).toFile(specification);
    byte[] decayed =
        train(specification, series, withOptimiser(new Optimiser(0.01, 1, 0)), 1)
            .toFile(specification);

    assertThat(squaredWeights(decayed)).isLessThan(0.9 * squaredWeights(plain));
  }

  private static double squaredWeights(byte[] file) {
    double sum = 0;
    for (float weight : ModelFile.read(file).member(0).stack().parameters(0).weightHh().data) {
      sum += weight * weight;
    }
    return sum;
  }

  @Test
  void validatesAndKeepsWeightAverage() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.5));
    List<SteppedSeries> series = sines(6, 400);
    TrainingSettings averaged = withOptimiser(new Optimiser(0.01, 0, 20));

    Trainer.Result result = train(specification, series, averaged, 1);

    byte[] file = result.toFile(specification);
    assertThat(file).isEqualTo(train(specification, series, averaged, 3).toFile(specification));
    TrainingSettings none = settings(1, 0, 1);
    try (Trainer trainer = new Trainer(specification, none, 1, CheckpointStore.NONE)) {
      Trainer.Result measured =
          trainer.train(
              series, TimeSplit.of(series), TrainingListener.NONE, ModelFile.read(file).member(0));
      assertThat(measured.validationLoss()).isEqualTo(result.validationLoss());
    }
    assertThat(result.validationLoss())
        .isLessThan(1.2 * train(specification, series, QUICK, 1).validationLoss());
  }

  private static TrainingSettings settings(int epochs, double learningRate, long seed) {
    return new TrainingSettings(
        epochs, epochs, Optimiser.DEFAULT.withLearningRate(learningRate), QUICK.batches(), seed);
  }

  private static TrainingSettings withOptimiser(Optimiser optimiser) {
    return new TrainingSettings(
        QUICK.epochs(), QUICK.patience(), optimiser, QUICK.batches(), QUICK.seed());
  }

  @Test
  void inputsDoNotDependOnLaterValues() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.5));
    SteppedSeries series = sines(1, 100).get(0);
    double[] changed = series.values().clone();
    Arrays.fill(changed, 60, 100, -1e6);
    int size = new InputEncoder(specification).size();

    TrainingSequence before =
        TrainingSequence.of(series, specification, new Baseline(specification, null)).get(0);
    TrainingSequence after =
        TrainingSequence.of(
                new SteppedSeries("x", series.firstStep(), changed),
                specification,
                new Baseline(specification, null))
            .get(0);

    for (int t = 0; t < 60; t++) {
      float[] expected = new float[size];
      float[] actual = new float[size];
      before.input(t, expected, 0);
      after.input(t, actual, 0);
      assertThat(actual).isEqualTo(expected);
    }
  }

  @Test
  void inputsDoNotDependOnLaterCovariates() {
    ModelSpecification specification =
        Models.withCovariates(
            specification(CellKind.GRU, List.of(0.5)),
            Covariate.past("load"),
            Covariate.staticCovariate("height", 1, 2));
    SteppedSeries series = driven(1, 100).get(0);
    CovariateColumns changed = new CovariateColumns(100);
    for (int t = 0; t < 60; t++) {
      changed.set(t, series.covariates().row(t));
    }
    changed.set(80, new Covariates(Map.of("load", -1e30, "height", 9.0)));
    Baseline base = new Baseline(specification, null);

    TrainingSequence before = TrainingSequence.of(series, specification, base).get(0);
    TrainingSequence after =
        TrainingSequence.of(
                new SteppedSeries("x", series.firstStep(), series.values(), changed),
                specification,
                base)
            .get(0);

    float[] expected = new float[new InputEncoder(specification).size()];
    float[] actual = expected.clone();
    for (int t = 0; t < 60; t++) {
      before.input(t, expected, 0);
      after.input(t, actual, 0);
      assertThat(actual).isEqualTo(expected);
    }
    before.input(60, expected, 0);
    after.input(60, actual, 0);
    assertThat(actual).isNotEqualTo(expected);
  }

  @Test
  void futureCovariatesCoverHorizonOnly() {
    ModelSpecification specification =
        Models.withCovariates(
            Models.withStepsDecoder(specification(CellKind.GRU, List.of(0.5)), 5),
            Covariate.future("load"),
            Covariate.past("height"));
    int horizon = specification.output().horizon();
    SteppedSeries series = withFutureCovariates(planned(1, 100).get(0), horizon);
    double[] values = series.values().clone();
    Arrays.fill(values, 60, 100, -1e6);
    CovariateColumns covariates = new CovariateColumns(100);
    for (int t = 0; t < 100; t++) {
      covariates.set(t, series.covariates().row(t));
    }
    covariates.set(80, "load", 7);
    covariates.set(80, "height", -7);
    Baseline base = new Baseline(specification, null);

    TrainingSequence before = TrainingSequence.of(series, specification, base).get(0);
    TrainingSequence after =
        TrainingSequence.of(
                withFutureCovariates(
                    new SteppedSeries("x", series.firstStep(), values, covariates), horizon),
                specification,
                base)
            .get(0);

    float[] expected = new float[horizon + 1];
    float[] actual = new float[horizon + 1];
    for (int t = 0; t < 60; t++) {
      before.ahead(t, expected, 0);
      after.ahead(t, actual, 0);
      assertThat(actual).isEqualTo(expected);
    }
    for (int t = 60; t < 80; t++) {
      before.ahead(t, expected, 0);
      after.ahead(t, actual, 0);
      for (int j = 0; j <= horizon; j++) {
        assertThat(actual[j] == expected[j]).as("%d, %d ahead", t, j).isEqualTo(t + j != 80);
      }
    }
  }

  @Test
  void learnsFromFutureCovariate() {
    ModelSpecification plain = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    ModelSpecification past =
        Models.withCovariates(Models.withStepsDecoder(plain, 16), Covariate.past("load"));
    ModelSpecification future =
        Models.withCovariates(Models.withStepsDecoder(plain, 16), Covariate.future("load"));
    List<SteppedSeries> series =
        planned(6, 400).stream()
            .map(each -> withFutureCovariates(each, plain.output().horizon()))
            .toList();
    TrainingSettings settings = settings(12, 0.01, 1);

    Trainer.Result baselineResult = train(past, series, settings, 2);
    Trainer.Result result = train(future, series, settings, 2);

    assertThat(result.validationLoss()).isLessThan(0.3 * baselineResult.validationLoss());
    assertThat(train(future, series, settings, 1).toFile(future)).isEqualTo(result.toFile(future));
  }

  /** Without future covariates the network is about as good as one that never had them. */
  @Test
  void forecastsWithoutFutureCovariates() {
    ModelSpecification plain = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    ModelSpecification future =
        Models.withCovariates(Models.withStepsDecoder(plain, 16), Covariate.future("load"));
    List<SteppedSeries> unplanned = planned(6, 400);
    List<SteppedSeries> series =
        unplanned.stream()
            .map(each -> withFutureCovariates(each, plain.output().horizon()))
            .toList();
    TrainingSettings settings = settings(12, 0.01, 1);
    Model baselineResult = ModelFile.read(train(plain, unplanned, settings, 2).toFile(plain));
    Model model = ModelFile.read(train(future, series, settings, 2).toFile(future));

    assertThat(error(model, unplanned)).isLessThan(1.15 * error(baselineResult, unplanned));
    assertThat(error(model, series)).isLessThan(0.4 * error(baselineResult, series));
  }

  /** Mean absolute error of the medians over the last quarter of the steps. */
  private static double error(Model model, List<SteppedSeries> series) {
    StepFunction steps = new StepFunction();
    double sum = 0;
    int count = 0;
    for (SteppedSeries each : series) {
      SeriesState state = SeriesState.inMemory(model);
      double[] x = each.values();
      for (int t = 0; t < x.length; t++) {
        long timeMs = model.specification().sampling().startMs(each.firstStep() + t);
        Observation step =
            new Observation(
                each.name(), timeMs, x[t], each.covariates().row(t), each.futureCovariates(t));
        Forecast forecast = ((StepResult.Advanced) steps.close(state, step, model)).forecast();
        for (int j = 1; t >= 3 * x.length / 4 && t + j < x.length && j <= 3; j++) {
          sum += Math.abs(forecast.median(j) - x[t + j]);
          count++;
        }
      }
    }
    return sum / count;
  }

  /** The load is random; each value depends on the load of the same step. */
  private static List<SteppedSeries> planned(int count, int steps) {
    SplittableRandom random = new SplittableRandom(5);
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      double[] values = new double[steps];
      CovariateColumns covariates = new CovariateColumns(steps);
      for (int t = 0; t < steps; t++) {
        double load = random.nextGaussian();
        values[t] = 100 * s + 10 * load + 0.1 * random.nextGaussian();
        covariates.set(t, new Covariates(Map.of("load", load, "height", (double) s)));
      }
      series.add(new SteppedSeries("series-" + s, 1000, values, covariates));
    }
    return series;
  }

  /** Returns the series with its covariates known {@code steps} steps ahead. */
  private static SteppedSeries withFutureCovariates(SteppedSeries series, int steps) {
    FutureCovariates[] future = new FutureCovariates[series.size()];
    for (int t = 0; t < future.length; t++) {
      int known = Math.min(steps, future.length - 1 - t);
      future[t] = new FutureCovariates(series.covariates(), t + 1, known);
    }
    return new SteppedSeries(
        series.name(), series.firstStep(), series.values(), series.covariates(), future);
  }

  @Test
  void learnsFromPastCovariate() {
    ModelSpecification without = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    ModelSpecification with = Models.withCovariates(without, Covariate.past("load"));
    List<SteppedSeries> series = driven(6, 400);

    TrainingSettings settings = settings(12, 0.01, 1);

    Trainer.Result baselineResult = train(without, series, settings, 2);
    Trainer.Result result = train(with, series, settings, 2);

    assertThat(result.validationLoss()).isLessThan(0.5 * baselineResult.validationLoss());
    assertThat(train(with, series, settings, 1).toFile(with)).isEqualTo(result.toFile(with));
  }

  /**
   * The load is random and held for three steps; each value depends on the load three steps
   * earlier.
   */
  private static List<SteppedSeries> driven(int count, int steps) {
    SplittableRandom random = new SplittableRandom(5);
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      double[] values = new double[steps];
      CovariateColumns covariates = new CovariateColumns(steps);
      double[] load = new double[steps + 3];
      for (int t = 0; t < load.length; t++) {
        load[t] = t % 3 == 0 ? random.nextGaussian() : load[t - 1];
      }
      for (int t = 0; t < steps; t++) {
        values[t] = 100 * s + 10 * load[t] + 0.1 * random.nextGaussian();
        covariates.set(t, new Covariates(Map.of("load", load[t + 3], "height", (double) s)));
      }
      series.add(new SteppedSeries("series-" + s, 1000, values, covariates));
    }
    return series;
  }

  @Test
  void testPartDoesNotChangeWeights() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    List<SteppedSeries> series = sines(3, 200);
    TimeSplit split = TimeSplit.of(series);
    List<SteppedSeries> changed = new ArrayList<>();
    for (SteppedSeries each : series) {
      double[] values = each.values().clone();
      int from = (int) (split.validationEnd() - each.firstStep());
      Arrays.fill(values, from, values.length, 12345);
      changed.add(new SteppedSeries(each.name(), each.firstStep(), values));
    }

    assertThat(train(specification, changed, QUICK, 1).toFile(specification))
        .isEqualTo(train(specification, series, QUICK, 1).toFile(specification));
  }

  private static List<SteppedSeries> constants() {
    List<SteppedSeries> series = new ArrayList<>();
    double[] values = {0, 7, -3, 1e30, -1e30, 1e-30};
    for (double value : values) {
      double[] constant = new double[200];
      Arrays.fill(constant, value);
      constant[50] = Double.NaN;
      series.add(new SteppedSeries("constant " + value, 1000, constant));
    }
    return series;
  }

  @Test
  void trainsOnAllDataWithoutValidation() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    List<SteppedSeries> series = sines(6, 400);
    long end = series.get(0).firstStep() + 400;

    try (Trainer trainer = new Trainer(specification, QUICK, 2, CheckpointStore.NONE)) {
      Trainer.Result result = trainer.train(series, new TimeSplit(end, end), TrainingListener.NONE);

      assertThat(result.epochs()).isEqualTo(QUICK.epochs());
      assertThat(result.toFile(specification))
          .isNotEqualTo(train(specification, series, QUICK, 2).toFile(specification));
    }
  }

  @Test
  void weightsAreFiniteForExtremeSeries() {
    ModelSpecification specification = specification(CellKind.LSTM, List.of(0.1, 0.5, 0.9));

    Model model = ModelFile.read(train(specification, constants(), QUICK, 1).toFile(specification));

    assertThat(model.specification()).isEqualTo(specification);
  }

  @Test
  void rejectsTooLittleData() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.5));

    assertThatThrownBy(() -> train(specification, sines(1, 2), QUICK, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("too little data: ");
    assertThatThrownBy(() -> TimeSplit.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no observations to train on");
  }

  @Test
  void splitsSeriesAtLongGap() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.5));
    double[] values = new double[60];
    Arrays.fill(values, 10, 13, Double.NaN);
    Arrays.fill(values, 30, 40, Double.NaN);

    List<TrainingSequence> sequences =
        TrainingSequence.of(
            new SteppedSeries("x", 1000, values), specification, new Baseline(specification, null));

    assertThat(sequences).extracting(TrainingSequence::firstStep).containsExactly(1000L, 1040L);
    assertThat(sequences).extracting(TrainingSequence::steps).containsExactly(30, 20);
  }

  private static Trainer.Result train(
      ModelSpecification specification,
      List<SteppedSeries> series,
      TrainingSettings settings,
      int threads) {
    try (Trainer trainer = new Trainer(specification, settings, threads, CheckpointStore.NONE)) {
      return trainer.train(series, TimeSplit.of(series), TrainingListener.NONE);
    }
  }

  private static ModelSpecification specification(CellKind kind, List<Double> levels) {
    return new ModelSpecification(
        new ModelSpecification.Network(kind, 16, List.of(1)),
        new Sampling(Duration.ofHours(1), Aggregation.FIRST, 3),
        new ModelSpecification.Inputs(1, false, 24),
        new ModelSpecification.Output(3, levels, BaselineSpec.NAIVE),
        24,
        new Provenance("", 0, "", Map.of()));
  }

  /**
   * Returns sines with a period of 11 steps, random phases, different levels and a little noise.
   */
  private static List<SteppedSeries> sines(int count, int steps) {
    SplittableRandom random = new SplittableRandom(5);
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      double phase = random.nextDouble() * 6;
      double[] values = new double[steps];
      for (int t = 0; t < steps; t++) {
        values[t] =
            100 * s + 10 * StrictMath.sin(2 * Math.PI * t / 11 + phase) + random.nextGaussian();
      }
      series.add(new SteppedSeries("series-" + s, 1000, values));
    }
    return series;
  }
}
