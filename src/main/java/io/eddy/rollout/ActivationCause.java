package io.eddy.rollout;

import org.jspecify.annotations.Nullable;

/**
 * The decision behind an activation.
 *
 * @param promotionRule the rule by which the activated shadow is promoted; null if an operator
 *     decides
 * @param revokedEpoch epoch of the activation that this one rolls back automatically; 0 for none
 * @param author who decided, and when
 */
public record ActivationCause(
    @Nullable PromotionRule promotionRule, long revokedEpoch, Author author) {
  /** An operator's decision. */
  public static final ActivationCause NONE = new ActivationCause(null, 0);

  /** Creates a cause whose author is not known yet. */
  public ActivationCause(@Nullable PromotionRule promotionRule, long revokedEpoch) {
    this(promotionRule, revokedEpoch, Author.UNKNOWN);
  }
}
