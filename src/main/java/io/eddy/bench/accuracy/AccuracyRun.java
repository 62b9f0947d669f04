package io.eddy.bench.accuracy;

import io.eddy.dataset.SeriesData;
import io.eddy.evaluation.Backtest;
import io.eddy.evaluation.ModelSwitch;
import io.eddy.evaluation.ObservedPasses;
import io.eddy.evaluation.ProgressListener;
import io.eddy.evaluation.ReferenceForecast;
import io.eddy.evaluation.Retraining;
import io.eddy.evaluation.combination.CombinationEstimator;
import io.eddy.forecast.Forecast;
import io.eddy.model.BuildVersion;
import io.eddy.model.CombinationSpec;
import io.eddy.model.Model;
import io.eddy.model.Provenance;
import io.eddy.model.io.ModelFile;
import io.eddy.series.Interval;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.SteppedSeries;
import io.eddy.training.CheckpointStore;
import io.eddy.training.EnsembleTrainer;
import io.eddy.training.TimeSplit;
import io.eddy.training.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Trains the model of a task by a recipe, on the steps before the first origin, and forecasts. */
public final class AccuracyRun {
  private final AccuracyTask task;
  private final AccuracyRecipe recipe;
  private final int threads;
  private final Map<String, SteppedSeries> series;

  /**
   * Creates a run.
   *
   * @param threads of training and forecasting; the result does not depend on them
   * @throws InvalidRecordException if a series has a gap
   */
  public AccuracyRun(AccuracyTask task, AccuracyRecipe recipe, int threads) {
    this.task = task;
    this.recipe = recipe;
    this.threads = threads;
    series = new LinkedHashMap<>();
    for (SeriesData s : task.data()) {
      SteppedSeries steps = s.stepped(recipe.sampling());
      if (steps.size() != s.size()) {
        throw new InvalidRecordException(
            "series %s: expected a value every %s, got %d values for %d steps",
            s.name(), recipe.sampling().interval(), s.size(), steps.size());
      }
      series.put(s.name(), steps);
    }
  }

  /** Trains the versions and returns them in the order of their times. */
  public List<ModelSwitch> train(TrainingListener training, ProgressListener retraining) {
    Model first = first(training);
    List<ModelSwitch> switches = new ArrayList<>(List.of(new ModelSwitch(Long.MIN_VALUE, first)));
    AccuracyRecipe.Updates updates = recipe.updates();
    if (updates != null) {
      List<SteppedSeries> trained = trainingSeries();
      long from = trained.stream().mapToLong(this::firstOrigin).min().orElseThrow();
      new Retraining(
              Interval.of(updates.every()),
              updates.settings(),
              threads,
              AccuracyRecipe::allForTraining)
          .versions(first, trained, from, retraining)
          .forEach(version -> switches.add(version.activation()));
    }
    return switches;
  }

  private Model first(TrainingListener listener) {
    List<SteppedSeries> past =
        trainingSeries().stream().map(s -> s.before(trainingEnd(s))).toList();
    CombinationSpec combination = combination(past, listener);
    return withCombination(
        combination, train(recipe, past, AccuracyRecipe.allForTraining(past), listener));
  }

  /**
   * Estimates the combination with networks that were trained on the first part of the past. The
   * networks that serve are trained on all of it.
   */
  private CombinationSpec combination(List<SteppedSeries> past, TrainingListener listener) {
    AccuracyRecipe.Combined combined = recipe.combined();
    if (combined == null) {
      return CombinationSpec.NONE;
    }
    TimeSplit split = AccuracyRecipe.Combined.split(past);
    Model model =
        train(
            recipe.withMembers(combined.members()),
            past,
            new TimeSplit(split.trainEnd(), split.trainEnd()),
            listener);
    return CombinationEstimator.estimate(
        model,
        past,
        combined.seasons(),
        new CombinationEstimator.Part(split.trainEnd(), split.validationEnd()));
  }

  private static Model withCombination(CombinationSpec combination, Model model) {
    return ModelFile.of(
            model.members().stream().map(member -> member.withCombination(combination)).toList())
        .model();
  }

  /** Returns the versions without the combination, for comparison. */
  public static List<ModelSwitch> networks(List<ModelSwitch> switches) {
    return switches.stream()
        .map(
            change ->
                new ModelSwitch(
                    change.fromMs(), withCombination(CombinationSpec.NONE, change.model())))
        .toList();
  }

  private Model train(
      AccuracyRecipe recipe, List<SteppedSeries> past, TimeSplit split, TrainingListener listener) {
    EnsembleTrainer.Result result =
        new EnsembleTrainer(recipe.members(), recipe.settings(), threads, CheckpointStore.NONE)
            .train(past, split, listener);
    Provenance provenance =
        new Provenance(
            recipe.members().get(0).provenance().data(),
            recipe.settings().seed(),
            BuildVersion.number(),
            Map.of());
    return result.toFile(provenance).model();
  }

  private List<SteppedSeries> trainingSeries() {
    return series.values().stream()
        .filter(s -> recipe.learnsFromAll() || task.scored().contains(s.name()))
        .toList();
  }

  /**
   * Returns the grid index of the first step that is not trained on: the step after the first
   * origin, or the first origin if there are updates, which also end before the step that they
   * first serve.
   */
  private long trainingEnd(SteppedSeries series) {
    return recipe.updates() == null ? firstOrigin(series) + 1 : firstOrigin(series);
  }

  private long firstOrigin(SteppedSeries series) {
    return series.firstStep() + series.size() - 1 - task.origins().steps();
  }

  /**
   * Forecasts and measures the forecasts and seasonal naive.
   *
   * @param sink receives every measured forecast
   */
  public Backtest forecast(
      List<ModelSwitch> switches, ProgressListener progress, Consumer<Forecast> sink) {
    AccuracyTask.Origins origins = task.origins();
    Backtest backtest =
        new Backtest(
            switches,
            new Backtest.Plan(
                origins.every(),
                origins.season(),
                List.of(ReferenceForecast.seasonalNaive(origins.season()))));
    List<SeriesData> known =
        task.data().stream()
            .filter(s -> task.scored().contains(s.name()))
            .map(s -> s.first(s.size() - origins.horizon()))
            .toList();
    ObservedPasses observed =
        new ObservedPasses(progress, known.stream().mapToLong(SeriesData::size).sum());
    backtest.run(known.stream().map(s -> pass(s, observed)).toList(), threads, sink);
    return backtest;
  }

  private Backtest.Pass pass(SeriesData known, ObservedPasses observed) {
    SteppedSeries steps = Objects.requireNonNull(series.get(known.name()));
    return observed.of(steps, firstOrigin(steps), known);
  }
}
