package io.eddy.rollout;

/**
 * A rollout decision based on scores.
 *
 * @param reason description for operators
 */
public record RolloutDecision(Kind kind, String reason) {
  /** The operation to apply. */
  public enum Kind {
    /** Promote the shadow version. */
    PROMOTE,
    /** End the shadow. */
    DROP,
    /** Return to the previous serving version. */
    ROLL_BACK
  }
}
