package io.eddy.engine;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.alert.AlertEvaluator;
import io.eddy.forecast.alert.AlertRules;
import io.eddy.forecast.anomaly.AnomalyPolicy;
import io.eddy.forecast.step.AnomalyDetection;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.forecast.step.StoredState;
import io.eddy.model.Model;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import io.eddy.series.store.OverlaySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes what one observation does to one series under a given version: restore the state,
 * migrate it if it belongs to another version, close the steps that are due or revise closed ones,
 * forecast and score, and evaluate the rules of alerts.
 *
 * <p>The caller chooses the version, and decides whether the update is committed: {@link
 * PartitionEngine} does so for a stream, {@code verify} and {@code models preview} for their
 * replays. Backtests and the {@code forecast} command, which have no activations and keep every
 * update, call {@link #advance}. Owns scratch space: use one instance per thread.
 */
public final class SeriesEngine {
  private final LatenessPolicy lateness;
  private final AnomalyDetection anomalies;
  private final StepFunction steps;
  private final LateRevisions revisions;
  private final AlertEvaluator alerts;

  /** Creates an engine that detects no anomalies and has no rules of alerts. */
  public SeriesEngine(LatenessPolicy lateness) {
    this(lateness, AnomalyPolicy.OFF, AlertRules.NONE);
  }

  /**
   * Creates an engine.
   *
   * @param rules of alerts
   */
  public SeriesEngine(LatenessPolicy lateness, AnomalyPolicy anomalies, AlertRules rules) {
    this.lateness = lateness;
    this.anomalies = new AnomalyDetection(anomalies);
    alerts = new AlertEvaluator(rules);
    steps = new StepFunction(lateness);
    revisions = new LateRevisions(steps, lateness, this.anomalies);
  }

  public LatenessPolicy lateness() {
    return lateness;
  }

  /** Returns the step function, for queries. */
  public StepFunction steps() {
    return steps;
  }

  /**
   * Computes the effect of an observation.
   *
   * @param store of the series; not modified before the update is committed
   * @param serving the version that serves the observation
   */
  public SeriesUpdate prepare(SeriesStore store, Observation observation, ServingVersion serving) {
    return prepare(store, store.get(StateKey.STATE), observation, serving);
  }

  /**
   * Computes the effect of an observation.
   *
   * @param stored the series' state in that store; null before its first observation
   */
  SeriesUpdate prepare(
      SeriesStore store,
      @Nullable StoredState stored,
      Observation observation,
      ServingVersion serving) {
    return prepare(store, stored, observation, serving.model(), serving.activation().epoch());
  }

  private SeriesUpdate prepare(
      SeriesStore store,
      @Nullable StoredState stored,
      Observation observation,
      Model model,
      long epoch) {
    OverlaySeriesStore overlay = new OverlaySeriesStore(store);
    if (!lateness.isRevising()) {
      SeriesState state = restore(stored, model, epoch, overlay);
      StepResult result = steps.apply(state, observation, model, epoch);
      return update(overlay, null, new LateRevisions.Applied(state, result));
    }
    SeriesUndoLog undo = new SeriesUndoLog(overlay, lateness.revisedSteps());
    SeriesState state = restore(stored, model, epoch, undo.recordingStore());
    LateRevisions.Applied applied = revisions.apply(state, observation, model, epoch, undo);
    return update(overlay, undo, applied);
  }

  private SeriesUpdate update(
      OverlaySeriesStore overlay, @Nullable SeriesUndoLog undo, LateRevisions.Applied applied) {
    List<Alert> changes = evaluate(applied, overlay);
    return new SeriesUpdate(overlay, undo, applied.state(), applied.result(), changes);
  }

  /**
   * Evaluates the forecast from the last closed step. Provisional forecasts, and revised ones from
   * earlier steps, change no alert. Alerts are not part of the undo log: a revision leaves them
   * unchanged.
   */
  private List<Alert> evaluate(LateRevisions.Applied applied, SeriesStore store) {
    List<StepResult.Advanced> forecasts = applied.result().forecasts();
    for (int i = forecasts.size() - 1; i >= 0; i--) {
      Forecast forecast = forecasts.get(i).forecast();
      if (!forecast.origin().quality().isProvisional()
          && forecast.origin().timestampMs() == applied.state().lastStepMs()) {
        return alerts.evaluate(forecast, store);
      }
    }
    return List.of();
  }

  /**
   * Applies an observation outside a stream, as {@link #update} does.
   *
   * @return the forecasts
   */
  public StepResult advance(SeriesStore store, Observation observation, Model model, long epoch) {
    return update(store, observation, model, epoch).result();
  }

  /**
   * Applies an observation outside a stream: computes its effect and stores it.
   *
   * @param store of the series; modified unless the observation is dropped or rejected
   * @param model the version that serves the observation
   * @param epoch that the forecasts name; 0 or the number of the version in a backtest
   */
  public SeriesUpdate update(SeriesStore store, Observation observation, Model model, long epoch) {
    SeriesUpdate update = prepare(store, store.get(StateKey.STATE), observation, model, epoch);
    update.commit();
    return update;
  }

  private SeriesState restore(
      @Nullable StoredState stored, Model model, long epoch, SeriesStore store) {
    SeriesState state =
        stored == null ? SeriesState.initial(model, epoch, store) : stored.restore(model, store);
    state.detect(anomalies);
    return state;
  }
}
