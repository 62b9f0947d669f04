package io.eddy.forecast.step;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.model.Imputation;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Interval;
import io.eddy.series.Observation;
import io.eddy.series.OpenStep;
import io.eddy.series.OpenSteps;
import io.eddy.series.Sampling;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step function: (state, observation, model) → (state, forecast).
 *
 * <p>An observation costs one step of the cells, whatever the length of the series; a gap costs one
 * more for each missing step. A state of another version is rebuilt first, see {@link
 * StateMigration}. A state is also rebuilt if a ring does not hold the slot that it continues from,
 * which may happen after a crash, because the stores are not written in one transaction.
 *
 * <p>Owns scratch space: use one instance per thread.
 */
public final class StepFunction {
  private static final Logger log = LoggerFactory.getLogger(StepFunction.class);

  private final LatenessPolicy lateness;
  private final ModelScratch.Cache scratches = new ModelScratch.Cache();

  /** Creates a step function for observations in time order: a step closes at its end. */
  public StepFunction() {
    this(LatenessPolicy.IN_ORDER);
  }

  public StepFunction(LatenessPolicy lateness) {
    this.lateness = lateness;
  }

  /**
   * Applies an observation to a state.
   *
   * @param state modified
   * @param observation of the state's series
   * @param model the version that serves it
   * @param epoch of the activation of that version; 0 outside a stream
   */
  public StepResult apply(SeriesState state, Observation observation, Model model, long epoch) {
    if (!model.accepts(observation.value())) {
      return refused(observation, model);
    }
    Sampling sampling = model.specification().sampling();
    long step = sampling.stepOf(observation.timestampMs());
    if (!state.sampling().isSameGrid(sampling)) {
      StateMigration.adopt(state, model, epoch, scratches);
    } else if (isPast(state, step, sampling)) {
      return new StepResult.Dropped(
          step == state.lastStep() && lateness.isImmediate(sampling)
              ? StepResult.Reason.DUPLICATE
              : StepResult.Reason.LATE);
    }
    if (lateness.isImmediate(sampling) && state.openSteps().isEmpty()) {
      StateMigration.adopt(state, model, epoch, scratches);
      if (lateness.isRevising()) {
        OpenStep open = new OpenStep(step);
        open.add(observation, lateness.duplicates());
        state.listener().closing(state, open);
      }
      return close(state, ClosedStep.of(step, observation), observation.series(), model);
    }
    if (!state.openSteps().add(step, observation, lateness.retained(), lateness.duplicates())) {
      return new StepResult.Dropped(StepResult.Reason.DUPLICATE);
    }
    StateMigration.adopt(state, model, epoch, scratches);
    return closeDueSteps(state, observation.series(), model);
  }

  private static StepResult.Refused refused(Observation observation, Model model) {
    String expected = "value: expected " + model.acceptedValues();
    String serving = "; version %s serves".formatted(model.version().shortSha());
    return new StepResult.Refused(
        expected + ", got " + observation.value() + serving, expected + serving);
  }

  /** Returns whether a step accepts no more observations. */
  private boolean isPast(SeriesState state, long step, Sampling sampling) {
    OpenSteps open = state.openSteps();
    return (!state.isEmpty() && step <= state.lastStep())
        || (!open.isEmpty()
            && !lateness.isRevising()
            && open.find(step) == null
            && lateness.dueMs(step, sampling) <= open.lastTimestampMs());
  }

  /** Returns whether an observation belongs to the last closed step or an earlier one. */
  public boolean isClosed(SeriesState state, Observation observation, Model model) {
    Sampling sampling = model.specification().sampling();
    return !state.isEmpty()
        && state.sampling().isSameGrid(sampling)
        && sampling.stepOf(observation.timestampMs()) <= state.lastStep();
  }

  /** Returns whether steps gather several observations before they close. */
  public boolean gathers(Sampling sampling) {
    return !lateness.isImmediate(sampling);
  }

  /** Returns how many steps can be open at a time. */
  public int maxOpenSteps(Sampling sampling) {
    Interval interval = sampling.interval();
    // No step is shorter than half the mean.
    long shortestMs =
        interval.isFixed() ? interval.fixedMs() : interval.meanLength().toMillis() / 2;
    long late = lateness.lateness().toMillis() / shortestMs;
    return (int) Math.min(late + 2, LatenessPolicy.MAX_OPEN_STEPS);
  }

  /**
   * Closes a step whose value was aggregated elsewhere, as replays and backtests do.
   *
   * @param state modified; of the version given
   * @param step begin and value of a step after the state's last one
   */
  public StepResult close(SeriesState state, Observation step, Model model) {
    long index = model.specification().sampling().stepOf(step.timestampMs());
    return close(state, ClosedStep.of(index, step), step.series(), model);
  }

  /**
   * Closes a step again, in a state that was reverted to before that step.
   *
   * @param state modified; of the version given
   */
  public StepResult.Advanced closeAgain(
      SeriesState state, OpenStep step, String series, Model model) {
    state.listener().closing(state, step);
    ClosedStep closed = closed(step, model.specification().sampling());
    return close(state, closed, series, model, true);
  }

  /**
   * Returns the forecast as if all open steps closed now, if the policy asks for one with every
   * observation.
   *
   * @param state not modified
   */
  public List<StepResult.Advanced> provisional(SeriesState state, String series, Model model) {
    if (!lateness.everyObservation() || state.openSteps().isEmpty()) {
      return List.of();
    }
    SeriesState copy = state.provisionalCopy();
    Sampling sampling = model.specification().sampling();
    OpenSteps open = copy.openSteps();
    while (open.size() > 1) {
      close(copy, closed(open.removeFirst(), sampling), series, model);
    }
    Forecast forecast = close(copy, closed(open.removeFirst(), sampling), series, model).forecast();
    return List.of(new StepResult.Advanced(forecast.provisional(), null, List.of()));
  }

  /** Closes the open steps that are due, in their order. */
  private StepResult closeDueSteps(SeriesState state, String series, Model model) {
    OpenSteps open = state.openSteps();
    Sampling sampling = model.specification().sampling();
    long newestMs = open.lastTimestampMs();
    List<StepResult.Advanced> forecasts = new ArrayList<>(1);
    while (!open.isEmpty()
        && (open.size() > LatenessPolicy.MAX_OPEN_STEPS
            || lateness.dueMs(open.first().step(), sampling) <= newestMs)) {
      OpenStep first = open.removeFirst();
      state.listener().closing(state, first);
      forecasts.add(close(state, closed(first, sampling), series, model));
    }
    forecasts.addAll(provisional(state, series, model));
    return switch (forecasts.size()) {
      case 0 -> new StepResult.Gathered();
      case 1 -> forecasts.get(0);
      default -> new StepResult.Several(List.copyOf(forecasts));
    };
  }

  private ClosedStep closed(OpenStep open, Sampling sampling) {
    return ClosedStep.of(open, sampling, lateness.duplicates());
  }

  private StepResult.Advanced close(
      SeriesState state, ClosedStep step, String series, Model model) {
    return close(state, step, series, model, false);
  }

  /** Closes a step, detects anomalies, and forecasts. */
  private StepResult.Advanced close(
      SeriesState state, ClosedStep step, String series, Model model, boolean isAgain) {
    SeriesAnomalies anomalies = state.anomalies();
    if (anomalies == null) {
      return closeAndForecast(state, step, series, model);
    }
    long missing = state.isEmpty() ? 0 : step.index() - state.lastStep() - 1;
    List<Anomaly> found = anomalies.close(step.index(), step.value(), missing, isAgain);
    StepResult.Advanced advanced = closeAndForecast(state, step, series, model);
    anomalies.expect(advanced.forecast());
    return found.isEmpty() ? advanced : advanced.with(found);
  }

  /** Closes a step, imputes the steps missing before it, and forecasts. */
  private StepResult.Advanced closeAndForecast(
      SeriesState state, ClosedStep step, String series, Model model) {
    ModelScratch scratch = scratches.get(model);
    Sampling sampling = model.specification().sampling();
    if (!state.isEmpty() && step.index() - state.lastStep() - 1 > sampling.maxGapSteps()) {
      state.restart();
    }
    MemberSteps steps = new MemberSteps(state.window(), state.members(), state.combination());
    if (!state.isEmpty()) {
      for (long missing = state.lastStep() + 1; missing < step.index(); missing++) {
        double value = imputed(state, steps, model, scratch);
        steps.append(ClosedStep.imputed(missing, value), model, scratch);
        advance(state, steps, missing, model, series);
      }
    }
    steps.append(step, model, scratch);
    advance(state, steps, step.index(), model, series);
    steps.setFutureCovariates(step.ahead(), scratch);
    return StepForecaster.forecast(state, steps, series, model, scratch);
  }

  /** Returns the value imputed for the step after a state's last one. */
  private static double imputed(
      SeriesState state, MemberSteps steps, Model model, ModelScratch scratch) {
    ModelSpecification specification = model.specification();
    if (!Imputation.usesForecast(specification)) {
      return Imputation.naive(state.window(), specification);
    }
    if (!steps.recall(scratch)) {
      StateMigration.rebuild(state, model, scratch);
      steps.recall(scratch);
    }
    steps.setFutureCovariates(FutureCovariates.NONE, scratch);
    StepForecaster.Origin origin = new StepForecaster.Origin(steps, state.lastStep());
    double[] forecast = StepForecaster.values(state, origin, model, scratch).values;
    return Imputation.fromForecast(state.window(), forecast, specification.output());
  }

  private void advance(
      SeriesState state, MemberSteps steps, long step, Model model, String series) {
    state.closed(step);
    ModelScratch scratch = scratches.get(model);
    if (!steps.advance(step, scratch)) {
      log.warn(
          "series {}: a ring does not hold the state that step {} continues from; the state is"
              + " rebuilt from the window",
          series,
          step);
      StateMigration.rebuild(state, model, scratch);
    }
  }
}
