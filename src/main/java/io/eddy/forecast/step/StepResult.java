package io.eddy.forecast.step;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of an observation. */
public sealed interface StepResult {
  /** A step closed and the state advanced; a score where the series' trial matured by it. */
  record Advanced(Forecast forecast, @Nullable Score score) implements StepResult {
    /** The forecast under that number; what was scored before is not scored again. */
    public Advanced revised(int revision) {
      return new Advanced(forecast.revised(revision), null);
    }
  }

  /** Several forecasts, in the order in which they were made: of a step each, at least two. */
  record Several(List<Advanced> forecasts) implements StepResult {}

  /** The observation joined the open step; its forecast leaves when the step closes. */
  record Gathered() implements StepResult {}

  /** The observation changed nothing. */
  record Dropped(Reason reason) implements StepResult {}

  /**
   * The observation's value is none that the model takes, and changed nothing.
   *
   * @param why says what was expected and what came
   * @param reason says what was expected alone
   */
  record Refused(String why, String reason) implements StepResult {}

  /** The forecasts that it gave, in the order in which they were made. */
  default List<Advanced> forecasts() {
    return this instanceof Advanced one
        ? List.of(one)
        : this instanceof Several several ? several.forecasts : List.of();
  }

  /** Why an observation changed nothing. */
  enum Reason {
    /** One of the same series and time, or of a step that takes no other, was seen before. */
    DUPLICATE,
    /** Its step was over before it came. */
    LATE
  }
}
