package io.eddy.rollout;

/**
 * What scores have decided.
 *
 * @param why for people
 */
public record RolloutDecision(Kind kind, String why) {
  /** What is to be done. */
  public enum Kind {
    /** The shadow is to serve. */
    PROMOTE,
    /** The shadow is over. */
    DROP,
    /** What serves is to be taken back. */
    ROLL_BACK
  }
}
