package io.eddy.kafka.state;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.state.UndoLogCodec.KeptStep;
import io.eddy.model.Model;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import io.eddy.series.OpenStep;
import io.eddy.series.Sampling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets an observation of a closed step change it, within the last R: the series is taken back to
 * before that step, it closes again with what it should have had, and so do those after it. Each
 * gives its forecast anew, under the next number. What the state is then is, bit for bit, what it
 * would be had the observation come in time.
 *
 * <p>What serves does not change by it: where the state belongs to another version than the one
 * that serves now, the observation is dropped, and a switch of version ends what can be changed. A
 * forecast that had been scored is not scored again. Used by one thread.
 */
public final class LateRevisions {
  private final StepFunction steps;
  private final LatenessPolicy arrival;

  /**
   * Of observations that come as {@code arrival} says; where it revises nothing, there are none.
   */
  public LateRevisions(LatenessPolicy arrival) {
    steps = new StepFunction(arrival);
    this.arrival = arrival;
  }

  public StepFunction steps() {
    return steps;
  }

  public LatenessPolicy arrival() {
    return arrival;
  }

  /**
   * Where a series' state is kept, and what it can be taken back to.
   *
   * @param past that {@code rewind} watches
   */
  public record Kept(SeriesRecords past, SeriesUndoLog rewind) {}

  /**
   * Keeps what a series can be taken back to; null where nothing is revised.
   *
   * @param past of its state
   */
  public @Nullable Kept keeping(SeriesRecords past, Supplier<ByteStore> store, String series) {
    if (!arrival.isRevising()) {
      return null;
    }
    SeriesUndoLog rewind = new SeriesUndoLog(store.get(), series, arrival.revisedSteps());
    past.watchedBy(rewind);
    return new Kept(past, rewind);
  }

  /** A series' state after an observation, and what came of it. */
  public record Applied(SeriesState state, StepResult result) {}

  /** What an observation of a closed step would do. */
  private sealed interface Plan {
    /** Nothing. */
    record Drop(StepResult.Reason reason) implements Plan {}

    /** It joins its step, whose value stays as it is. */
    record Join(KeptStep step) implements Plan {}

    /** Its step becomes another one. */
    record Revise(OpenStep step) implements Plan {}
  }

  /** Whether an observation would give a forecast. */
  boolean forecasts(SeriesState state, Observation observation, Model model, @Nullable Kept kept) {
    if (kept == null || !steps.isClosed(state, observation, model)) {
      return steps.forecasts(state, observation, model);
    }
    return model.specification().output().takes(observation.value())
        && plan(state, observation, model, kept.rewind()) instanceof Plan.Revise;
  }

  /**
   * Lets an observation act.
   *
   * @param state modified, unless the series is taken back
   */
  public Applied apply(
      SeriesState state, Observation observation, ServingVersion serving, @Nullable Kept kept) {
    Model model = serving.model();
    long epoch = serving.activation().epoch();
    if (kept == null) {
      return new Applied(state, steps.apply(state, observation, model, epoch));
    }
    SeriesUndoLog rewind = kept.rewind();
    state.logTo(rewind);
    if (!steps.isClosed(state, observation, model)
        || !model.specification().output().takes(observation.value())) {
      return new Applied(state, steps.apply(state, observation, model, epoch));
    }
    Plan plan = plan(state, observation, model, rewind);
    if (plan instanceof Plan.Drop drop) {
      return new Applied(state, new StepResult.Dropped(drop.reason()));
    }
    if (plan instanceof Plan.Join join) {
      rewind.keep(join.step());
      return new Applied(state, new StepResult.Gathered());
    }
    Applied revised =
        revised(state, ((Plan.Revise) plan).step(), observation.series(), serving, rewind);
    if (revised.result().forecasts().stream().allMatch(one -> one.forecast().isFinite())) {
      return revised;
    }
    kept.past().discard();
    rewind.discard();
    return new Applied(state, new StepResult.Dropped(StepResult.Reason.LATE));
  }

  private Plan plan(SeriesState state, Observation observation, Model model, SeriesUndoLog rewind) {
    Sampling sampling = model.specification().sampling();
    long step = sampling.stepOf(observation.timestampMs());
    if (!state.served().version().equals(model.version()) || !rewind.reaches(state, step)) {
      return new Plan.Drop(StepResult.Reason.LATE);
    }
    KeptStep kept = rewind.kept(state, step);
    OpenStep changed = kept == null ? new OpenStep(step) : kept.step().copy();
    if (kept != null && arrival.isImmediate(sampling)) {
      if (observation.timestampMs() >= kept.step().lastTimestampMs()) {
        return new Plan.Drop(StepResult.Reason.DUPLICATE);
      }
      changed = new OpenStep(step);
    }
    if (!changed.add(observation)) {
      return new Plan.Drop(StepResult.Reason.DUPLICATE);
    }
    changed.retainAtMost(arrival.remembered());
    return kept != null && isSame(kept.step(), changed, sampling)
        ? new Plan.Join(new KeptStep(kept.before(), kept.revision(), changed))
        : new Plan.Revise(changed);
  }

  private static boolean isSame(OpenStep one, OpenStep other, Sampling sampling) {
    return one.closed(sampling.aggregation()).equals(other.closed(sampling.aggregation()));
  }

  private Applied revised(
      SeriesState state,
      OpenStep changed,
      String series,
      ServingVersion serving,
      SeriesUndoLog rewind) {
    Model model = serving.model();
    long epoch = serving.activation().epoch();
    List<OpenStep> again = new ArrayList<>();
    Map<Long, Integer> revisions = new HashMap<>();
    @Nullable OpenStep left = changed;
    for (KeptStep kept : rewind.since(state, changed.step())) {
      long step = kept.step().step();
      if (left != null && step >= left.step()) {
        again.add(left);
        left = null;
      }
      if (step != changed.step()) {
        again.add(kept.step());
      }
      revisions.put(step, step < changed.step() ? kept.revision() : kept.revision() + 1);
    }
    SeriesState taken = rewind.back(changed.step(), model);
    taken.goOnFrom(state, epoch);
    taken.logTo(rewind);
    rewind.revise(revisions);
    List<StepResult.Advanced> forecasts = new ArrayList<>();
    for (OpenStep step : again) {
      StepResult.Advanced advanced = steps.closeAgain(taken, step, series, model);
      if (step.step() >= changed.step()) {
        forecasts.add(advanced.revised(revisions.getOrDefault(step.step(), 0)));
      }
    }
    forecasts.addAll(steps.provisional(taken, series, model));
    return new Applied(
        taken,
        forecasts.size() == 1 ? forecasts.get(0) : new StepResult.Several(List.copyOf(forecasts)));
  }
}
