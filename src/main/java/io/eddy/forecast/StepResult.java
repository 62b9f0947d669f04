package io.eddy.forecast;

import org.jspecify.annotations.Nullable;

/** What became of an observation. */
public sealed interface StepResult {
  /** A step closed and the state advanced; a score where the series' trial matured by it. */
  record Advanced(Forecast forecast, @Nullable Score score) implements StepResult {}

  /** The observation joined the open step; its forecast leaves when the step closes. */
  record Gathered() implements StepResult {}

  /** The observation changed nothing. */
  record Dropped(Reason reason) implements StepResult {}

  /**
   * The observation's value is none that the model takes, and changed nothing.
   *
   * @param why says what was expected and what came
   */
  record Refused(String why) implements StepResult {}

  /** Why an observation changed nothing. */
  enum Reason {
    /** The same series and step was seen before. */
    DUPLICATE,
    /** Its step closed before it came. */
    LATE
  }
}
