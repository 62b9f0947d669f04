package io.eddy.forecast.step;

import io.eddy.forecast.Forecast;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.series.Sampling;
import io.eddy.series.store.SeriesStore;

/** A stored state on the heap. */
public final class StateSnapshot implements StoredState {
  private final SeriesState state;
  private final long lastEventMs;
  private final boolean isSilenceReported;

  private StateSnapshot(SeriesState state, long lastEventMs, boolean isSilenceReported) {
    this.state = state;
    this.lastEventMs = lastEventMs;
    this.isSilenceReported = isSilenceReported;
  }

  /** Wraps a state, which must not be modified afterwards. */
  public static StateSnapshot of(SeriesState state, long lastEventMs) {
    return new StateSnapshot(state, lastEventMs, false);
  }

  /** Copies a state. */
  public static StateSnapshot copyOf(SeriesState state) {
    return new StateSnapshot(state.copy(), SeriesState.NO_TIME, false);
  }

  /** Returns the state; must not be modified. */
  public SeriesState state() {
    return state;
  }

  @Override
  public Forecast.Served served() {
    return state.served();
  }

  @Override
  public boolean belongsTo(ModelVersion version) {
    return state.served().version().equals(version);
  }

  @Override
  public Sampling sampling() {
    return state.sampling();
  }

  @Override
  public long lastStepMs() {
    return state.lastStepMs();
  }

  @Override
  public long newestMs() {
    return state.newestMs();
  }

  @Override
  public long lastEventMs() {
    return lastEventMs;
  }

  @Override
  public StateSnapshot withLastEventMs(long lastEventMs) {
    return new StateSnapshot(state, lastEventMs, isSilenceReported);
  }

  @Override
  public Silence silence() {
    return new Silence(state.silenceDueMs(), isSilenceReported);
  }

  @Override
  public StateSnapshot withReportedSilence() {
    return new StateSnapshot(state, lastEventMs, true);
  }

  @Override
  public SeriesState restore(Model model, SeriesStore store) {
    SeriesState copy = state.copyOver(store);
    copy.restoreSilence(isSilenceReported);
    return copy;
  }
}
