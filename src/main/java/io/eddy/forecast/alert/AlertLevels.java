package io.eddy.forecast.alert;

import org.jspecify.annotations.Nullable;

/**
 * The probabilities at which alerts fire and clear.
 *
 * @param fire at least this probability fires
 * @param clear below this probability an alert may clear; below {@code fire}
 * @param hold how long the probability has to stay below {@code clear}; null for the default
 */
record AlertLevels(double fire, double clear, @Nullable Span hold) {
  static final double DEFAULT_FIRE = 0.5;

  /** The default of {@code clear}, relative to {@code fire}. */
  static final double CLEAR_RATIO = 0.5;

  /** Returns the levels that a rule has if it states only when alerts fire. */
  static AlertLevels of(double fire) {
    return new AlertLevels(fire, CLEAR_RATIO * fire, null);
  }

  /** Returns the end of a rule's text, which says when alerts clear; empty for the defaults. */
  String clearText() {
    if (equals(of(fire))) {
      return "";
    }
    return " clear below " + Condition.text(clear) + (hold == null ? "" : " after " + hold);
  }
}
