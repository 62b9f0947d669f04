package io.eddy.stream;

/**
 * What scores have decided.
 *
 * @param why for people
 */
record Verdict(Kind kind, String why) {
  /** What is to be done. */
  enum Kind {
    /** The shadow is to serve. */
    PROMOTE,
    /** The shadow is over. */
    DROP,
    /** What serves is to be taken back. */
    ROLL_BACK
  }
}
