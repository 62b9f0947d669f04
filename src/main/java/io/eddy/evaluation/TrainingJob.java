package io.eddy.evaluation;

import io.eddy.cli.option.ModelOptions;
import io.eddy.dataset.SeriesData;
import io.eddy.kafka.config.UsageException;
import io.eddy.model.BuildVersion;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.WarmUpIntervals;
import io.eddy.model.io.ModelFile;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.CheckpointStore;
import io.eddy.training.EnsembleTrainer;
import io.eddy.training.ModelSearch;
import io.eddy.training.SeasonDetector;
import io.eddy.training.TimeSplit;
import io.eddy.training.TrainingListener;
import io.eddy.training.TrainingSettings;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From observations to a model file, and how good it is on data that it did not see. */
public final class TrainingJob {
  private final byte[] file;
  private final Model model;
  private final Outcome outcome;

  private TrainingJob(byte[] file, Model model, Outcome outcome) {
    this.file = file;
    this.model = model;
    this.outcome = outcome;
  }

  /** What came of a training beside the model. */
  private record Outcome(
      EnsembleTrainer.Result result,
      List<ModelSearch.Candidate> candidates,
      TestSplit heldOut,
      @Nullable BaselineComparison standing) {}

  /** What a training is made from. */
  public record Data(List<SeriesData> series, String source) {
    /** Makes sure that every covariate has a number somewhere. */
    void requireNumbers(List<String> covariates) {
      for (String name : covariates) {
        if (series.stream().noneMatch(one -> one.covariates().names().contains(name))) {
          throw new IllegalArgumentException(
              "covariate %s: no observation of %s has a number of that name"
                  .formatted(name, source));
        }
      }
    }

    /** Time of the last observation, epoch milliseconds; 0 where there is none. */
    public long lastTimestampMs() {
      return series.stream()
          .filter(one -> one.size() > 0)
          .mapToLong(one -> one.timestampsMs()[one.size() - 1])
          .max()
          .orElse(0);
    }
  }

  /**
   * Where a training begins.
   *
   * @param options what the model is to be like
   * @param from a model whose weights to train on from in its stead
   * @param checkpoints with one to go on from after a kill
   * @param candidates models to try before, of which the best is trained; 1 for none but the one
   */
  public record Start(
      ModelOptions options, @Nullable Model from, CheckpointStore checkpoints, int candidates) {
    /** Where nothing is kept for a kill, and nothing else is tried. */
    public Start(ModelOptions options, @Nullable Model from) {
      this(options, from, CheckpointStore.NONE, 1);
    }

    public List<String> covariateNames() {
      return from == null
          ? options.covariateNames()
          : from.specification().inputs().covariateNames();
    }

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

    /** The data by steps, each with what the model is to know ahead. */
    List<SteppedSeries> stepped(List<SeriesData> series, Sampling sampling) {
      List<String> names =
          from == null ? options.future : from.specification().inputs().futureNames();
      int horizon = from == null ? options.horizon : from.specification().output().horizon();
      return series.stream()
          .map(
              one ->
                  one.withFutureCovariates(names, sampling.interval(), horizon).stepped(sampling))
          .toList();
    }

    List<ModelSpecification> members(
        Sampling sampling, List<SteppedSeries> series, TimeSplit split) {
      return from == null
          ? options.members(sampling, series, split)
          : from.members().stream().map(Member::specification).toList();
    }
  }

  /** Trains on the first part of the data's time, stops by the next, measures on the last. */
  public static TrainingJob of(
      Data data, Start start, TrainingSettings settings, int threads, TrainingListener progress) {
    start.requireClasses(data.series());
    data.requireNumbers(start.covariateNames());
    Sampling sampling = start.sampling(data.series());
    List<SteppedSeries> series = start.stepped(data.series(), sampling);
    TimeSplit split = TimeSplit.of(series);
    List<ModelSpecification> given = start.members(sampling, series, split);
    if (start.candidates() > 1 && new HashSet<>(given).size() > 1) {
      throw new UsageException("--search: expected one --patch and one --cell beside it");
    }
    List<ModelSearch.Candidate> candidates =
        start.candidates() == 1
            ? List.of()
            : new ModelSearch(given.get(0), settings, threads)
                .run(series, split, start.candidates(), progress);
    List<ModelSpecification> members =
        candidates.isEmpty()
            ? given
            : Collections.nCopies(given.size(), candidates.get(0).specification());
    EnsembleTrainer trainer = new EnsembleTrainer(members, settings, threads, start.checkpoints());
    EnsembleTrainer.Result result = trainer.train(series, split, progress, start.from());
    ModelSpecification first = members.get(0);
    WarmUpIntervals cold =
        WarmUpIntervalEstimator.measure(
            ModelFile.read(ModelFile.with(result.toFile(first.provenance()), WarmUpIntervals.NONE)),
            series,
            split.trainEnd(),
            split.validationEnd());
    TestSplit heldOut =
        new TestSplit(
            data.series(),
            series,
            split.validationEnd(),
            SeasonDetector.seasonSteps(first),
            threads);
    Model measured = ModelFile.read(ModelFile.with(result.toFile(first.provenance()), cold));
    Scores scores = Scores.of(measured, heldOut);
    Provenance provenance =
        new Provenance(data.source(), settings.seed(), BuildVersion.number(), scores.figures());
    byte[] file = ModelFile.with(result.toFile(provenance), cold);
    return new TrainingJob(
        file, ModelFile.read(file), new Outcome(result, candidates, heldOut, scores.standing()));
  }

  /**
   * How good a model is on data that it did not see.
   *
   * @param figures as the model file has them; none where there is no point to measure them on
   * @param standing beside simple forecasts; null for classes, or where there is no point
   */
  private record Scores(Map<String, Double> figures, @Nullable BaselineComparison standing) {
    static Scores of(Model model, TestSplit heldOut) {
      ModelSpecification specification = model.specification();
      if (specification.output().areClasses()) {
        return new Scores(scores(heldOut.measureClasses(model)), null);
      }
      Backtest backtest =
          heldOut.measure(
              model,
              ReferenceForecasts.of(
                  specification, heldOut.series(), heldOut.from(), heldOut.season()));
      Map<String, Double> figures = scores(backtest.accuracy());
      return new Scores(figures, figures.isEmpty() ? null : new BaselineComparison(backtest));
    }
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
    ErrorMeasures model = accuracy.all(0);
    Map<String, Double> scores = new HashMap<>();
    if (model.points() > 0) {
      scores.put("mae", model.meanAbsoluteError());
      scores.put("naiveMae", accuracy.all(1).meanAbsoluteError());
      scores.put("seasonalNaiveMae", accuracy.all(2).meanAbsoluteError());
      int linear = accuracy.names().indexOf(ReferenceForecasts.LINEAR);
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
  public static long interval(List<SeriesData> series) {
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

  public byte[] file() {
    return file;
  }

  public Model model() {
    return model;
  }

  /** Errors on data that it did not see, as the model file has them; may be empty. */
  public Map<String, Double> scores() {
    return model.specification().provenance().scores();
  }

  public EnsembleTrainer.Result result() {
    return outcome.result();
  }

  /** What was tried before, the best first; empty without a search. */
  public List<ModelSearch.Candidate> candidates() {
    return outcome.candidates();
  }

  /** Where it stands beside simple forecasts on data that it did not see; null where unknown. */
  public @Nullable BaselineComparison standing() {
    return outcome.standing();
  }

  /** How well its context is chosen for the data; empty where they are too short to tell. */
  public Optional<ContextLengthCheck> contextFit() {
    return ContextLengthCheck.of(model, outcome.heldOut().series());
  }

  /** Holds it against a version that serves, on data that it did not see. */
  public ModelComparison comparedWith(Model serving) {
    return ModelComparison.of(outcome.heldOut(), model, serving);
  }
}
