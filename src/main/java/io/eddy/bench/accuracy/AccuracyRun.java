package io.eddy.bench.accuracy;

import io.eddy.dataset.SeriesData;
import io.eddy.evaluation.Backtest;
import io.eddy.evaluation.ModelSwitch;
import io.eddy.evaluation.ObservedPasses;
import io.eddy.evaluation.ProgressListener;
import io.eddy.evaluation.ReferenceForecast;
import io.eddy.evaluation.Retraining;
import io.eddy.forecast.Forecast;
import io.eddy.model.BuildVersion;
import io.eddy.model.Model;
import io.eddy.model.Provenance;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.SteppedSeries;
import io.eddy.training.CheckpointStore;
import io.eddy.training.EnsembleTrainer;
import io.eddy.training.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** From a task and a recipe to the forecasts: what is learnt from ends where they begin. */
public final class AccuracyRun {
  private final AccuracyTask task;
  private final AccuracyRecipe recipe;
  private final int threads;
  private final Map<String, SteppedSeries> series;

  /**
   * A run.
   *
   * @param threads of a training, and that forecast series at once; the result does not depend on
   *     it
   * @throws InvalidRecordException where a series has a gap
   */
  public AccuracyRun(AccuracyTask task, AccuracyRecipe recipe, int threads) {
    this.task = task;
    this.recipe = recipe;
    this.threads = threads;
    series = new LinkedHashMap<>();
    for (SeriesData one : task.data()) {
      SteppedSeries steps = one.stepped(recipe.sampling());
      if (steps.size() != one.size()) {
        throw new InvalidRecordException(
            "series %s: expected a value each %s, got %d for %d steps",
            one.name(), recipe.sampling().interval(), one.size(), steps.size());
      }
      series.put(one.name(), steps);
    }
  }

  /** Trains the versions, in the order in which they serve. */
  public List<ModelSwitch> train(TrainingListener training, ProgressListener retraining) {
    Model first = first(training);
    List<ModelSwitch> rollouts = new ArrayList<>(List.of(new ModelSwitch(Long.MIN_VALUE, first)));
    AccuracyRecipe.Updates updates = recipe.updates();
    if (updates != null) {
      List<SteppedSeries> learnt = learnt();
      long from = learnt.stream().mapToLong(this::firstOrigin).min().orElseThrow();
      new Retraining(updates.every(), updates.settings(), threads, recipe::split)
          .versions(first, learnt, from, retraining)
          .forEach(version -> rollouts.add(version.activation()));
    }
    return rollouts;
  }

  private Model first(TrainingListener listener) {
    List<SteppedSeries> past = learnt().stream().map(one -> one.before(learntEnd(one))).toList();
    EnsembleTrainer.Result result =
        new EnsembleTrainer(recipe.members(), recipe.settings(), threads, CheckpointStore.NONE)
            .train(past, recipe.split(past), listener);
    Provenance provenance =
        new Provenance(
            recipe.members().get(0).provenance().data(),
            recipe.settings().seed(),
            BuildVersion.number(),
            Map.of());
    return result.toFile(provenance).model();
  }

  private List<SteppedSeries> learnt() {
    return series.values().stream()
        .filter(one -> recipe.learnsFromAll() || task.scored().contains(one.name()))
        .toList();
  }

  /**
   * Where what is learnt from ends: behind the first origin, or where weights are trained on before
   * it, as later versions end before the step that they first serve.
   */
  private long learntEnd(SteppedSeries series) {
    return recipe.updates() == null ? firstOrigin(series) + 1 : firstOrigin(series);
  }

  private long firstOrigin(SteppedSeries series) {
    return series.firstStep() + series.size() - 1 - task.origins().steps();
  }

  /**
   * Forecasts, and measures beside seasonal naive.
   *
   * @param sink is given every forecast that counts
   */
  public Backtest forecast(
      List<ModelSwitch> rollouts, ProgressListener progress, Consumer<Forecast> sink) {
    AccuracyTask.Origins origins = task.origins();
    Backtest backtest =
        new Backtest(
            rollouts,
            new Backtest.Plan(
                origins.every(),
                origins.season(),
                List.of(ReferenceForecast.seasonalNaive(origins.season()))));
    List<SeriesData> known =
        task.data().stream()
            .filter(one -> task.scored().contains(one.name()))
            .map(one -> one.first(one.size() - origins.horizon()))
            .toList();
    ObservedPasses shown =
        new ObservedPasses(progress, known.stream().mapToLong(SeriesData::size).sum());
    backtest.run(known.stream().map(one -> pass(one, shown)).toList(), threads, sink);
    return backtest;
  }

  private Backtest.Pass pass(SeriesData known, ObservedPasses shown) {
    SteppedSeries steps = Objects.requireNonNull(series.get(known.name()));
    return shown.of(steps, firstOrigin(steps), known);
  }
}
