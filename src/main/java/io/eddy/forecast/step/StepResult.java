package io.eddy.forecast.step;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.forecast.anomaly.Anomaly;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The effect of one observation on a series' state. */
public sealed interface StepResult {
  /**
   * A step closed and gave a forecast.
   *
   * @param score of the pending forecast; null if none matured
   * @param anomalies to be published, in order of time
   */
  record Advanced(Forecast forecast, @Nullable Score score, List<Anomaly> anomalies)
      implements StepResult {
    /** Returns the forecast and the anomalies under a revision number, without the score. */
    public Advanced revised(int revision) {
      return new Advanced(forecast.revised(revision), null, anomalies);
    }

    Advanced with(List<Anomaly> found) {
      return new Advanced(forecast, score, found);
    }
  }

  /** Several steps gave forecasts, at least two, in the order of the steps. */
  record Several(List<Advanced> forecasts) implements StepResult {}

  /** The observation joined an open step; the forecast follows when the step closes. */
  record Gathered() implements StepResult {}

  /** The observation was dropped; the state did not change. */
  record Dropped(Reason reason) implements StepResult {}

  /**
   * The model does not accept the observation's value; the state did not change.
   *
   * @param message the expected and the actual value
   * @param reason the expected value alone
   */
  record Refused(String message, String reason) implements StepResult {}

  /** Returns all forecasts, in the order in which they were made. */
  default List<Advanced> forecasts() {
    return this instanceof Advanced advanced
        ? List.of(advanced)
        : this instanceof Several several ? several.forecasts : List.of();
  }

  /** Why an observation was dropped. */
  enum Reason {
    /** The series already has an observation of that time, or of that step. */
    DUPLICATE,
    /** The observation's step was already closed. */
    LATE
  }
}
