package io.eddy.cli;

import io.eddy.codec.SeriesData;
import io.eddy.evaluation.Accuracy;
import io.eddy.evaluation.ClassAccuracy;
import io.eddy.evaluation.Measures;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelFile;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.EnsembleTrainer;
import io.eddy.training.Season;
import io.eddy.training.Split;
import io.eddy.training.TrainingProgress;
import io.eddy.training.TrainingSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From observations to a model file, and how good it is on data that it did not see. */
final class TrainingRun {
  private final byte[] file;
  private final Model model;
  private final EnsembleTrainer.Result result;

  private TrainingRun(byte[] file, Model model, EnsembleTrainer.Result result) {
    this.file = file;
    this.model = model;
    this.result = result;
  }

  /** What a training is made from. */
  record Data(List<SeriesData> series, String source) {}

  /** What the model is to be like, or a model whose weights to train on from. */
  record Start(ModelOptions options, @Nullable Model from) {
    void requireClasses(List<SeriesData> series) {
      if (from == null) {
        options.requireClasses(series);
      } else if (from.specification().output().areClasses()) {
        ModelOptions.requireClasses(series, from.specification().output().classes());
      }
    }

    Sampling sampling(List<SeriesData> series) {
      return from == null ? options.sampling(interval(series)) : from.specification().sampling();
    }

    List<ModelSpecification> members(Sampling sampling, List<SteppedSeries> series, Split split) {
      return from == null
          ? options.members(sampling, series, split)
          : from.members().stream().map(Member::specification).toList();
    }
  }

  /** Trains on the first part of the data's time, stops by the next, measures on the last. */
  static TrainingRun of(
      Data data, Start start, TrainingSettings settings, int threads, TrainingProgress progress) {
    start.requireClasses(data.series());
    Sampling sampling = start.sampling(data.series());
    List<SteppedSeries> series =
        data.series().stream()
            .map(one -> SteppedSeries.of(one.name(), one.timestampsMs(), one.values(), sampling))
            .toList();
    Split split = Split.of(series);
    List<ModelSpecification> members = start.members(sampling, series, split);
    EnsembleTrainer trainer = new EnsembleTrainer(members, settings, threads);
    EnsembleTrainer.Result result = trainer.train(series, split, progress, start.from());
    byte[] unmeasured = result.toFile(members.get(0).provenance());
    Map<String, Double> scores = scores(ModelFile.read(unmeasured), series, split.validationEnd());
    byte[] file =
        result.toFile(new Provenance(data.source(), settings.seed(), Version.number(), scores));
    return new TrainingRun(file, ModelFile.read(file), result);
  }

  /** Errors on the steps from {@code from} on; none where they hold nothing to measure them on. */
  private static Map<String, Double> scores(Model model, List<SteppedSeries> series, long from) {
    ModelSpecification specification = model.specification();
    int season = Season.of(specification);
    return specification.output().areClasses()
        ? scores(ClassAccuracy.of(model, series, from, season))
        : scores(
            Accuracy.of(
                model,
                series,
                from,
                season,
                SimpleForecasts.of(specification, series, from, season)));
  }

  private static Map<String, Double> scores(ClassAccuracy accuracy) {
    return accuracy.points() == 0
        ? Map.of()
        : Map.of(
            "accuracy", accuracy.accuracy(),
            "naiveAccuracy", accuracy.naiveAccuracy(),
            "seasonalNaiveAccuracy", accuracy.seasonalNaiveAccuracy(),
            "crossEntropy", accuracy.crossEntropy());
  }

  private static Map<String, Double> scores(Accuracy accuracy) {
    Measures model = accuracy.all(0);
    Map<String, Double> scores = new HashMap<>();
    if (model.points() > 0) {
      scores.put("mae", model.meanAbsoluteError());
      scores.put("naiveMae", accuracy.all(1).meanAbsoluteError());
      scores.put("seasonalNaiveMae", accuracy.all(2).meanAbsoluteError());
      int linear = accuracy.names().indexOf(SimpleForecasts.LINEAR);
      if (linear > 0) {
        scores.put("linearMae", accuracy.all(linear).meanAbsoluteError());
      }
      scores.put("wape", model.weightedAbsoluteError());
      scores.put("wql", model.weightedQuantileLoss());
      scores.put("mase", model.meanAbsoluteScaledError());
      scores.values().removeIf(score -> !Double.isFinite(score));
    }
    return scores;
  }

  /** The most frequent distance between two observations of a series, in milliseconds. */
  private static long interval(List<SeriesData> series) {
    long[] distances =
        series.stream()
            .flatMapToLong(
                one -> {
                  long[] times = one.timestampsMs();
                  return java.util.stream.LongStream.range(1, Math.min(times.length, 200))
                      .map(i -> times[(int) i] - times[(int) i - 1]);
                })
            .filter(distance -> distance > 0)
            .sorted()
            .toArray();
    if (distances.length == 0) {
      throw new IllegalArgumentException(
          "no series has two observations: there is nothing to train on");
    }
    return Arrays.stream(distances).skip(distances.length / 2).findFirst().orElseThrow();
  }

  byte[] file() {
    return file;
  }

  Model model() {
    return model;
  }

  /** Errors on data that it did not see, as the model file has them; may be empty. */
  Map<String, Double> scores() {
    return model.specification().provenance().scores();
  }

  EnsembleTrainer.Result result() {
    return result;
  }
}
