package io.eddy.rollout;

import io.eddy.forecast.Score;
import io.eddy.rollout.Activation.Role;
import org.jspecify.annotations.Nullable;

/**
 * A score and the role of the version that made the forecast.
 *
 * @param failure why there is no forecast to score; null if there is one
 */
public record ScoredForecast(Score score, Role role, @Nullable String failure) {}
