package io.eddy.forecast.step;

import io.eddy.forecast.Forecast;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.series.Sampling;
import io.eddy.series.store.SeriesStore;

/**
 * A series' state as its store holds it. What decides which version serves the next event can be
 * read without restoring the state. Immutable.
 */
public interface StoredState {
  /** Returns the version that the state belongs to, and the epoch under which it served last. */
  Forecast.Served served();

  /** Returns whether the state belongs to a version. */
  boolean belongsTo(ModelVersion version);

  /** Returns the sampling grid of the state's steps. */
  Sampling sampling();

  /** Returns when the last closed step began, or {@link SeriesState#NO_TIME}. */
  long lastStepMs();

  /** Returns the latest time known of the series, or {@link SeriesState#NO_TIME}. */
  long newestMs();

  /**
   * Returns the partition time of the series' last event, or {@link SeriesState#NO_TIME} if it is
   * not recorded.
   */
  long lastEventMs();

  /** Returns when the series counts as silent. */
  Silence silence();

  /** Returns this state, in which the silence of the series is published. */
  StoredState withReportedSilence();

  /** Returns this state with another time of the last event. */
  StoredState withLastEventMs(long lastEventMs);

  /**
   * Restores the state. If it belongs to another version than {@code model}, its hidden state may
   * be undefined until the step function rebuilds it.
   *
   * @param model the version that serves the series now
   * @param store that holds the state's other parts
   */
  SeriesState restore(Model model, SeriesStore store);
}
