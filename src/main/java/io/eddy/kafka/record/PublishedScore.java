package io.eddy.kafka.record;

import io.eddy.forecast.Score;
import io.eddy.rollout.Activation.Role;
import org.jspecify.annotations.Nullable;

/**
 * A score as published to the scores topic.
 *
 * @param model name of the model
 * @param role role of the version that made the forecast
 * @param failure reason why there is no forecast to score; null if there is one
 */
public record PublishedScore(Score score, String model, Role role, @Nullable String failure) {
  /** Creates the score of a forecast. */
  public PublishedScore(Score score, String model, Role role) {
    this(score, model, role, null);
  }
}
