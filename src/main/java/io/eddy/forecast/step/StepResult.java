package io.eddy.forecast.step;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The effect of one observation on a series' state. */
public sealed interface StepResult {
  /** A step closed and gave a forecast, and a score if the pending forecast matured. */
  record Advanced(Forecast forecast, @Nullable Score score) implements StepResult {
    /** Returns the forecast under a revision number, without the score. */
    public Advanced revised(int revision) {
      return new Advanced(forecast.revised(revision), null);
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
