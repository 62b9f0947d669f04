package io.eddy.engine;

import io.eddy.forecast.Score;
import io.eddy.rollout.Activation.Role;
import org.jspecify.annotations.Nullable;

/**
 * The score of a serving or shadow version.
 *
 * @param failure why there was no forecast to score; null if there was one
 */
public record RoleScore(Score score, Role role, @Nullable String failure) {}
