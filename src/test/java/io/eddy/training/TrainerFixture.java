package io.eddy.training;

import io.eddy.model.BaselineSpec;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.CovariateColumns;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.TrainingSettings.Optimiser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Trainings of small models on generated series. */
final class TrainerFixture {
  static final TrainingSettings QUICK =
      new TrainingSettings(
          4,
          4,
          Optimiser.DEFAULT.withLearningRate(0.01),
          new TrainingSettings.Batches(16, 16, 2, 40),
          1);

  private TrainerFixture() {}

  static Trainer.Result train(
      ModelSpecification specification,
      List<SteppedSeries> series,
      TrainingSettings settings,
      int threads) {
    try (Trainer trainer = new Trainer(specification, settings, threads, CheckpointStore.NONE)) {
      return trainer.train(series, TimeSplit.of(series), TrainingListener.NONE);
    }
  }

  static TrainingSettings settings(int epochs, double learningRate, long seed) {
    return new TrainingSettings(
        epochs, epochs, Optimiser.DEFAULT.withLearningRate(learningRate), QUICK.batches(), seed);
  }

  static TrainingSettings withOptimiser(Optimiser optimiser) {
    return new TrainingSettings(
        QUICK.epochs(), QUICK.patience(), optimiser, QUICK.batches(), QUICK.seed());
  }

  static ModelSpecification specification(CellKind kind, List<Double> levels) {
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
  static List<SteppedSeries> sines(int count, int steps) {
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

  static List<SteppedSeries> constants() {
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

  /**
   * The load is random and held for three steps; each value depends on the load three steps
   * earlier.
   */
  static List<SteppedSeries> driven(int count, int steps) {
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

  /** The load is random; each value depends on the load of the same step. */
  static List<SteppedSeries> planned(int count, int steps) {
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
  static SteppedSeries withFutureCovariates(SteppedSeries series, int steps) {
    FutureCovariates[] future = new FutureCovariates[series.size()];
    for (int t = 0; t < future.length; t++) {
      int known = Math.min(steps, future.length - 1 - t);
      future[t] = new FutureCovariates(series.covariates(), t + 1, known);
    }
    return new SteppedSeries(
        series.name(), series.firstStep(), series.values(), series.covariates(), future);
  }
}
