package io.eddy.rollout;

import org.jspecify.annotations.Nullable;

/**
 * What an activation rests on, or what is made to depend on it.
 *
 * @param challenge on what the shadow that it puts to work is to serve; null where that is left to
 *     people
 * @param revokes epoch of the activation that it takes back for cause; 0 for none
 */
public record ActivationCause(@Nullable PromotionRule challenge, long revokes) {
  public static final ActivationCause NONE = new ActivationCause(null, 0);
}
