package io.eddy.kafka.verify;

import io.eddy.engine.SeriesEngine;
import io.eddy.engine.SeriesUpdate;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StepResult;
import io.eddy.forecast.step.StoredState;
import io.eddy.kafka.verify.ActivationTimeline.Progress;
import io.eddy.model.ModelSpecification;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.GapFilling;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replay of one series, which tracks whether its state equals the stream's bit for bit.
 *
 * <p>The state is unknown if the series may have begun before the first retained event. It becomes
 * known when the stream rebuilds it from steps that were all replayed, as it does for new weights,
 * or restarts the series after a gap.
 */
final class SeriesReplay {
  private final ActivationTimeline timeline;
  private final SeriesEngine engine;
  private InMemorySeriesStore store;
  private SeriesState state;

  /** The update computed last, unless it was committed. */
  private @Nullable Prepared prepared;

  /** The step at which the series restarted with a known state. */
  private long knownFromStep = Long.MIN_VALUE;

  /** The last step that deleted events may belong to. */
  private long incompleteToStep = Long.MIN_VALUE;

  private Certainty certainty;

  /**
   * Whether the state of the anomaly detection is known. It depends on every earlier event of the
   * series, because it survives migrations.
   */
  private boolean areAnomaliesExact;

  /** The result of the last event, unless it was taken. */
  private @Nullable StepResult lastResult;

  /** Whether the active alerts are known: every event of the series was replayed exactly. */
  private boolean areAlertsKnown;

  /** The alerts of the last event, unless they were taken. */
  private List<Alert> alerts = List.of();

  /** The activations received at the last event, and at the last event with a forecast. */
  private Progress progress;

  private Progress progressAtForecast;

  /** The latest event since the last forecast. */
  private @Nullable Observation latest;

  /** Whether gaps may be filled from steps before the window, as forecasts do. */
  private boolean mayFillFromBeforeWindow;

  /** Whether the version of the state is unknown. */
  private boolean isVersionUnknown;

  /**
   * The parts of the state that are known.
   *
   * @param exact the whole state
   * @param position the last step
   * @param sinceBegin every step of the current run
   * @param retention the number of steps that the window keeps
   */
  private record Certainty(boolean exact, boolean position, boolean sinceBegin, boolean retention) {
    static Certainty of(boolean isKnown) {
      return new Certainty(isKnown, isKnown, isKnown, isKnown);
    }

    Certainty withExact(boolean isExact) {
      return new Certainty(isExact, position, sinceBegin, retention);
    }
  }

  /**
   * Creates the replay of a series without events.
   *
   * @param progress the activations received at its first event
   * @param isComplete whether no earlier event of the series can have been deleted
   */
  SeriesReplay(
      ActivationTimeline timeline,
      SeriesEngine engine,
      ServingVersion first,
      Progress progress,
      boolean isComplete) {
    this.timeline = timeline;
    this.engine = engine;
    store = new InMemorySeriesStore();
    state = SeriesState.initial(first.model(), first.activation().epoch(), store);
    certainty = Certainty.of(isComplete);
    areAnomaliesExact = isComplete;
    areAlertsKnown = isComplete;
    this.progress = progress;
    progressAtForecast = progress;
  }

  /** Returns the parts of the series. */
  InMemorySeriesStore parts() {
    return store;
  }

  /** Returns the alerts of the last event once; null if they are not known. */
  @Nullable List<Alert> takeAlerts() {
    List<Alert> taken = alerts;
    alerts = List.of();
    return areAlertsKnown ? taken : null;
  }

  /** Returns whether the bits of the next forecast are known. */
  boolean isExact() {
    return certainty.exact();
  }

  /**
   * Returns the store of the series for the watch of silences, which may change the stored state
   * between two events.
   */
  SeriesStore storeForSilence() {
    prepared = null;
    return store;
  }

  /** Returns when the series counts as silent. */
  long silenceDueMs() {
    return state.silenceDueMs();
  }

  /** Returns the stored state; null before the first event. */
  @Nullable StoredState stored() {
    return store.get(StateKey.STATE);
  }

  /** Returns whether the bits of the last event's anomalies are known. */
  boolean areAnomaliesExact() {
    return areAnomaliesExact;
  }

  /** Returns the result of the last event once; null if it was taken or there is none. */
  @Nullable StepResult takeResult() {
    StepResult result = lastResult;
    lastResult = null;
    return result;
  }

  /** Returns whether the last step is known, and therefore which events close a step. */
  boolean isPositionKnown() {
    return certainty.position();
  }

  /** Marks the position as known, because a forecast on the topic has the replay's origin. */
  void confirmPosition() {
    certainty =
        new Certainty(certainty.exact(), true, certainty.sinceBegin(), certainty.retention());
  }

  /** Marks the whole state as known, because the series began with the first replayed event. */
  void confirmBegin() {
    certainty = Certainty.of(true);
  }

  /** Restarts with an unknown state, because the stream's state differs. */
  void restart(ServingVersion serving) {
    store = new InMemorySeriesStore();
    state = SeriesState.initial(serving.model(), serving.activation().epoch(), store);
    prepared = null;
    certainty = Certainty.of(false);
    areAnomaliesExact = false;
    lastResult = null;
    areAlertsKnown = false;
  }

  /** Marks the state as unknown, because the version of the next event is. */
  void invalidateVersion() {
    certainty = new Certainty(false, false, certainty.sinceBegin(), false);
    areAnomaliesExact = false;
    isVersionUnknown = true;
  }

  /** Marks the state as unknown. */
  void invalidateState() {
    certainty = certainty.withExact(false);
    areAnomaliesExact = false;
  }

  /** Returns the observation at the newest time of its series, which selects the version. */
  Observation atNewestTime(Observation observation) {
    long newestMs = state.newestMs();
    return newestMs <= observation.timestampMs() || !isPositionKnown()
        ? observation
        : observation.withTimestampMs(newestMs);
  }

  /** Returns the newest time of the series; {@link Long#MIN_VALUE} if it has no events. */
  long newestMs() {
    return state.newestMs();
  }

  /** Returns the version and epoch of the state; null if unknown. */
  Forecast.@Nullable Served served() {
    return isVersionUnknown ? null : state.served();
  }

  /** Returns the begin of the last closed step, epoch milliseconds; null if none exists. */
  @Nullable Long lastStepMs() {
    return state.isEmpty() ? null : Long.valueOf(state.lastStepMs());
  }

  /** Returns whether an observation produces a forecast. */
  boolean closes(Observation observation, ServingVersion serving) {
    return !prepare(observation, serving).result().forecasts().isEmpty();
  }

  /** Returns the forecasts that an observation produces. */
  List<Forecast> forecasts(Observation observation, ServingVersion serving) {
    return prepare(observation, serving).result().forecasts().stream()
        .map(StepResult.Advanced::forecast)
        .toList();
  }

  /**
   * Applies an observation.
   *
   * @param selection how {@code serving} was selected
   */
  StepResult apply(
      Observation observation, ServingVersion serving, ActivationVisibility.Selection selection) {
    Window window = state.window();
    Run before =
        new Run(
            window.count() - window.start(),
            window.count(),
            window.retained(),
            !isVersionUnknown && !state.served().version().equals(serving.model().version()),
            state.sampling().isSameGrid(serving.model().specification().sampling()));
    boolean isRevision = engine.steps().isClosed(state, observation, serving.model());
    SeriesUpdate update = prepare(observation, serving);
    StepResult result = update.result();
    areAlertsKnown &= certainty.exact();
    if (!update.isChange()) {
      return result;
    }
    update.commit();
    lastResult = result;
    prepared = null;
    state = update.state();
    window = state.window();
    if (latest == null || observation.timestampMs() > latest.timestampMs()) {
      latest = observation;
    }
    certainty = certaintyAfter(before, serving, selection, latest);
    mayFillFromBeforeWindow |= serving.model().specification().sampling().gaps() != GapFilling.LAST;
    isVersionUnknown = false;
    areAlertsKnown &= certainty.exact();
    alerts = update.alerts();
    progress = selection.progress();
    if (before.steps() == 0 && !state.isEmpty() && !certainty.sinceBegin()) {
      incompleteToStep = state.lastStep() + 2L * engine.lateness().revisedSteps();
    }
    if (!result.forecasts().isEmpty()) {
      progressAtForecast = progress;
      latest = null;
      boolean isNewRun = window.start() >= before.count() && window.count() > before.count();
      if (isRevision) {
        if (isBeforeKnown(observation, serving)) {
          invalidateState();
        }
      } else if (before.steps() > 0 && before.isSameGrid() && isNewRun) {
        knownFromStep = certainty.exact() ? knownFromStep : state.lastStep();
        certainty = new Certainty(true, true, true, certainty.retention());
      }
    }
    areAnomaliesExact &= certainty.exact();
    return result;
  }

  /** Returns whether a revision goes back to before the state was known. */
  private boolean isBeforeKnown(Observation observation, ServingVersion serving) {
    Sampling sampling = serving.model().specification().sampling();
    return sampling.stepOf(observation.timestampMs()) <= knownFromStep;
  }

  /**
   * Returns whether the result of an observation of a closed step may depend on deleted events,
   * because the stream may have kept measurements of that step from before the first replayed
   * event.
   */
  boolean mayDependOnDeletedEvents(Observation observation, ServingVersion serving) {
    Sampling sampling = serving.model().specification().sampling();
    return engine.lateness().isRevising()
        && engine.steps().isClosed(state, observation, serving.model())
        && (!isPositionKnown() || sampling.stepOf(observation.timestampMs()) <= incompleteToStep);
  }

  /** An update that is not committed, and its inputs. */
  private record Prepared(Observation observation, ServingVersion serving, SeriesUpdate update) {
    boolean isOf(Observation observation, ServingVersion serving) {
      return this.observation.equals(observation)
          && this.serving.activation().epoch() == serving.activation().epoch()
          && this.serving.model() == serving.model();
    }
  }

  /** Returns the effect of an observation; computes it once for repeated calls. */
  private SeriesUpdate prepare(Observation observation, ServingVersion serving) {
    Prepared present = prepared;
    if (present == null || !present.isOf(observation, serving)) {
      present = new Prepared(observation, serving, engine.prepare(store, observation, serving));
      prepared = present;
    }
    return present.update();
  }

  /** The run of steps before an event, and what changes with the event's version. */
  private record Run(
      long steps, long count, int retained, boolean isVersionSwitch, boolean isSameGrid) {}

  private Certainty certaintyAfter(
      Run before,
      ServingVersion serving,
      ActivationVisibility.Selection selection,
      Observation latest) {
    ModelSpecification specification = serving.model().specification();
    boolean isGathering = engine.steps().gathers(specification.sampling());
    if (before.isVersionSwitch() && !before.isSameGrid()) {
      // The events of the first step depend on when the version switched between two events.
      boolean isKnown = !isGathering || selection.progress().equals(progress);
      return new Certainty(isKnown, isKnown, isKnown, certainty.retention());
    }
    if (before.isVersionSwitch()) {
      boolean isExact = isRebuiltExactly(before, specification, isGathering);
      knownFromStep = Long.MIN_VALUE;
      return certainty.withExact(isExact);
    }
    // Between two forecasts the state may have switched to another version and back.
    boolean mayHaveSwitched =
        isGathering
            && timeline.mayHaveSwitchedBetween(
                progressAtForecast, selection, serving.model().version(), latest);
    return mayHaveSwitched
        ? new Certainty(false, certainty.position(), certainty.sinceBegin(), false)
        : certainty;
  }

  private boolean isRebuiltExactly(
      Run before, ModelSpecification specification, boolean isGathering) {
    int context = specification.contextLength();
    // Events of the first open steps may have been deleted.
    int uncertainSteps = isGathering ? engine.steps().maxOpenSteps(specification.sampling()) : 0;
    boolean areReplayed = certainty.sinceBegin() || before.steps() - uncertainSteps >= context;
    boolean areRetained =
        certainty.retention()
            || context <= before.retained()
            || (certainty.sinceBegin() && before.steps() <= before.retained());
    return areReplayed
        && areRetained
        && (certainty.exact() || !mayFillFromBeforeWindow || isWindowMeasured());
  }

  /** Returns whether no step of the window was filled in. */
  private boolean isWindowMeasured() {
    Window window = state.window();
    for (int lag = 0; lag < window.size(); lag++) {
      if (window.isImputed(lag)) {
        return false;
      }
    }
    return true;
  }
}
