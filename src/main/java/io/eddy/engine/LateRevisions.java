package io.eddy.engine;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.step.AnomalyDetection;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Model;
import io.eddy.series.Observation;
import io.eddy.series.OpenStep;
import io.eddy.series.Sampling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Revises closed steps. An observation of one of the last R closed steps reverts the series to
 * before that step; the step closes again with the observation, and so do the steps after it. Each
 * gives its forecast again, under the next revision number. The resulting state equals, bit for
 * bit, the state that the series would have if the observation had arrived in time.
 *
 * <p>A revision does not change the serving version: the observation is dropped if the state
 * belongs to another version than the serving one, and a migration ends what can be revised. A
 * forecast that was scored is not scored again. Used by one thread.
 */
final class LateRevisions {
  private final StepFunction steps;
  private final LatenessPolicy lateness;
  private final AnomalyDetection anomalies;

  LateRevisions(StepFunction steps, LatenessPolicy lateness, AnomalyDetection anomalies) {
    this.steps = steps;
    this.lateness = lateness;
    this.anomalies = anomalies;
  }

  /** A series' state after an observation, and the result. */
  record Applied(SeriesState state, StepResult result) {}

  /** The effect of an observation on a closed step. */
  private sealed interface Plan {
    /** The observation is dropped. */
    record Drop(StepResult.Reason reason) implements Plan {}

    /** The observation joins its step, whose value does not change. */
    record Join(UndoStep step) implements Plan {}

    /** The step's value changes. */
    record Revise(OpenStep step) implements Plan {}
  }

  /**
   * Applies an observation.
   *
   * @param state modified, unless the series is reverted
   * @param model the version that serves the observation
   * @param epoch of the activation of that version; 0 outside a stream
   * @param undo log of the series, over the state's store
   */
  Applied apply(
      SeriesState state, Observation observation, Model model, long epoch, SeriesUndoLog undo) {
    state.listen(undo);
    if (!steps.isClosed(state, observation, model) || !model.accepts(observation.value())) {
      return new Applied(state, steps.apply(state, observation, model, epoch));
    }
    Plan plan = plan(state, observation, model, undo);
    if (plan instanceof Plan.Drop drop) {
      return new Applied(state, new StepResult.Dropped(drop.reason()));
    }
    if (plan instanceof Plan.Join join) {
      undo.replace(join.step());
      return new Applied(state, new StepResult.Gathered());
    }
    OpenStep step = ((Plan.Revise) plan).step();
    Applied revised = revise(state, step, observation.series(), model, epoch, undo);
    boolean isFinite =
        revised.result().forecasts().stream().allMatch(forecast -> forecast.forecast().isFinite());
    return isFinite ? revised : new Applied(state, new StepResult.Dropped(StepResult.Reason.LATE));
  }

  private Plan plan(SeriesState state, Observation observation, Model model, SeriesUndoLog undo) {
    Sampling sampling = model.specification().sampling();
    long step = sampling.stepOf(observation.timestampMs());
    if (!state.served().version().equals(model.version()) || !undo.canRevert(state, step)) {
      return new Plan.Drop(StepResult.Reason.LATE);
    }
    UndoStep stored = undo.step(state, step);
    OpenStep changed = stored == null ? new OpenStep(step) : stored.step().copy();
    if (stored != null && lateness.isImmediate(sampling)) {
      long firstMs = stored.step().lastTimestampMs();
      if (observation.timestampMs() > firstMs) {
        return new Plan.Drop(StepResult.Reason.DUPLICATE);
      }
      if (observation.timestampMs() < firstMs) {
        changed = new OpenStep(step);
      }
    }
    if (!changed.add(observation, lateness.duplicates())) {
      return new Plan.Drop(StepResult.Reason.DUPLICATE);
    }
    changed.retainAtMost(lateness.retained(), lateness.duplicates());
    return stored != null && haveSameValue(stored.step(), changed, sampling)
        ? new Plan.Join(new UndoStep(stored.previousStep(), stored.revision(), changed))
        : new Plan.Revise(changed);
  }

  private boolean haveSameValue(OpenStep before, OpenStep after, Sampling sampling) {
    return closed(before, sampling).equals(closed(after, sampling));
  }

  private OpenStep.Closed closed(OpenStep step, Sampling sampling) {
    return step.closed(sampling.aggregation(), lateness.duplicates());
  }

  private Applied revise(
      SeriesState state,
      OpenStep changed,
      String series,
      Model model,
      long epoch,
      SeriesUndoLog undo) {
    List<OpenStep> closing = new ArrayList<>();
    Map<Long, Integer> revisions = new HashMap<>();
    @Nullable OpenStep inserted = changed;
    for (UndoStep stored : undo.stepsSince(state, changed.step())) {
      long step = stored.step().step();
      if (inserted != null && step >= inserted.step()) {
        closing.add(inserted);
        inserted = null;
      }
      if (step != changed.step()) {
        closing.add(stored.step());
      }
      revisions.put(step, step < changed.step() ? stored.revision() : stored.revision() + 1);
    }
    SeriesState reverted = undo.revert(changed.step(), model);
    reverted.continueFrom(state, epoch);
    reverted.detect(anomalies);
    reverted.listen(undo);
    undo.setRevisions(revisions);
    List<StepResult.Advanced> forecasts = new ArrayList<>();
    for (OpenStep step : closing) {
      StepResult.Advanced advanced = steps.closeAgain(reverted, step, series, model);
      if (step.step() >= changed.step()) {
        forecasts.add(advanced.revised(revisions.getOrDefault(step.step(), 0)));
      }
    }
    forecasts.addAll(steps.provisional(reverted, series, model));
    return new Applied(
        reverted,
        forecasts.size() == 1 ? forecasts.get(0) : new StepResult.Several(List.copyOf(forecasts)));
  }
}
