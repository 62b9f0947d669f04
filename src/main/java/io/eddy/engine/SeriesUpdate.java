package io.eddy.engine;

import io.eddy.admission.TimestampGuardKey;
import io.eddy.admission.TimestampGuardState;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StateSnapshot;
import io.eddy.forecast.step.StepResult;
import io.eddy.series.store.OverlaySeriesStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The computed effect of an observation on a series. Nothing is stored until it is committed. */
public final class SeriesUpdate {
  private final OverlaySeriesStore store;
  private final @Nullable SeriesUndoLog undo;
  private final SeriesState state;
  private final StepResult result;
  private final List<Alert> alerts;

  SeriesUpdate(
      OverlaySeriesStore store,
      @Nullable SeriesUndoLog undo,
      SeriesState state,
      StepResult result,
      List<Alert> alerts) {
    this.store = store;
    this.undo = undo;
    this.state = state;
    this.result = result;
    this.alerts = alerts;
  }

  public StepResult result() {
    return result;
  }

  /** Returns the alerts that fired or cleared. */
  public List<Alert> alerts() {
    return alerts;
  }

  /** Returns the series' state after the observation; must not be modified. */
  public SeriesState state() {
    return state;
  }

  /** Returns whether the observation changed the series. */
  public boolean isChange() {
    return !(result instanceof StepResult.Dropped) && !(result instanceof StepResult.Refused);
  }

  /** Returns the first forecast that is not finite, or null if all are. */
  @Nullable Forecast firstNonFinite() {
    for (StepResult.Advanced advanced : result.forecasts()) {
      if (!advanced.forecast().isFinite()) {
        return advanced.forecast();
      }
    }
    return null;
  }

  /** Stores the state of the timestamp guard with this update. */
  void put(TimestampGuardState guard) {
    store.put(TimestampGuardKey.TIMESTAMP_GUARD, guard);
  }

  /** Stores the update; does nothing if the observation changed nothing. */
  public void commit() {
    commit(SeriesState.NO_TIME);
  }

  /**
   * Stores the update; does nothing if the observation changed nothing.
   *
   * @param lastEventMs partition time of the event, or {@link SeriesState#NO_TIME}
   */
  void commit(long lastEventMs) {
    if (!isChange()) {
      return;
    }
    if (undo != null) {
      undo.close(state);
    }
    store.put(StateKey.STATE, StateSnapshot.of(state, lastEventMs));
    store.commit();
  }
}
