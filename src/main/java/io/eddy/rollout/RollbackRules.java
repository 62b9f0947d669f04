package io.eddy.rollout;

import org.jspecify.annotations.Nullable;

/**
 * When what serves is taken back without being asked.
 *
 * @param isForNonFinite whether after a forecast that is not finite
 * @param worseThanNaive by which share more than seasonal naive it may err; null for any
 * @param over so many scored forecasts
 */
public record RollbackRules(boolean isForNonFinite, @Nullable Double worseThanNaive, int over) {
  /** Twice the error of seasonal naive, over 500 forecasts. */
  public static final RollbackRules DEFAULT = new RollbackRules(true, 1.0, 500);

  /** Never. */
  public static final RollbackRules NONE = new RollbackRules(false, null, 1);

  public RollbackRules {
    if (worseThanNaive != null && !(worseThanNaive >= 0 && worseThanNaive <= 1e6)) {
      throw new IllegalArgumentException(
          "rollback.max-error-above-naive: expected a percentage from 0 on, or off");
    }
    if (over < 1 || over > 1_000_000) {
      throw new IllegalArgumentException(
          "rollback.window: expected 1 to 1,000,000 forecasts, got " + over);
    }
  }
}
