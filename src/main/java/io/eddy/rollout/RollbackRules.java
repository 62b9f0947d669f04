package io.eddy.rollout;

import org.jspecify.annotations.Nullable;

/**
 * Conditions for the automatic rollback of a serving version.
 *
 * @param isForNonFinite whether after a non-finite forecast
 * @param worseThanNaive maximum error above that of seasonal naive, as a share of it; null for no
 *     limit
 * @param forecasts number of scored forecasts over which errors are averaged
 */
public record RollbackRules(
    boolean isForNonFinite, @Nullable Double worseThanNaive, int forecasts) {
  /** Twice the error of seasonal naive, over 500 forecasts. */
  public static final RollbackRules DEFAULT = new RollbackRules(true, 1.0, 500);

  /** No automatic rollback. */
  public static final RollbackRules NONE = new RollbackRules(false, null, 1);

  public RollbackRules {
    if (worseThanNaive != null && !(worseThanNaive >= 0 && worseThanNaive <= 1e6)) {
      throw new IllegalArgumentException(
          "rollback.max-error-above-naive: expected a percentage of at least 0, or off");
    }
    if (forecasts < 1 || forecasts > 1_000_000) {
      throw new IllegalArgumentException(
          "rollback.window: expected 1 to 1,000,000 forecasts, got " + forecasts);
    }
  }
}
