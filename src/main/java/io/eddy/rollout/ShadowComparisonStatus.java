package io.eddy.rollout;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The progress of the comparison of a shadow with the serving version.
 *
 * @param shadow the shadow's activation, with its promotion rule
 * @param compared number of pairs of forecasts compared so far
 * @param remaining number of pairs to compare before the next decision; 0 if decided
 * @param pinball mean pinball loss divided by the error of seasonal naive
 * @param mase mean absolute error divided by the error of seasonal naive
 * @param decision reason of a decision that is not applied yet; null if none exists
 */
public record ShadowComparisonStatus(
    Activation shadow,
    int compared,
    int remaining,
    Errors pinball,
    Errors mase,
    @Nullable String decision) {

  /**
   * The errors of both versions on the same forecasts; NaN if there are none.
   *
   * @param serving error of the serving version
   * @param shadow error of the shadow version
   */
  public record Errors(double serving, double shadow) {
    /** Returns the share by which the shadow's error is smaller; NaN if there are no forecasts. */
    public double gain() {
      return 1 - shadow / serving;
    }
  }

  /** Returns the time at which an undecided shadow is dropped. */
  public Instant deadline() {
    return rule().deadline();
  }

  /** Returns the errors by the measure of the promotion rule. */
  public Errors decisive() {
    return rule().condition().measure() == PromotionRule.Measure.PINBALL ? pinball : mase;
  }

  private PromotionRule rule() {
    return Objects.requireNonNull(shadow.cause().promotionRule());
  }
}
