package io.eddy.rollout;

import org.jspecify.annotations.Nullable;

/**
 * The automation that an activation belongs to.
 *
 * @param promotionRule the rule by which the activated shadow is promoted; null if an operator
 *     decides
 * @param revokedEpoch epoch of the activation that this one rolls back automatically; 0 for none
 */
public record ActivationCause(@Nullable PromotionRule promotionRule, long revokedEpoch) {
  /** An operator's decision. */
  public static final ActivationCause NONE = new ActivationCause(null, 0);
}
