package io.eddy.kafka.record;

import io.eddy.forecast.Score;
import io.eddy.rollout.Activation.Role;
import org.jspecify.annotations.Nullable;

/**
 * A score as it stands on the topic.
 *
 * @param model name of the model
 * @param role whether the forecast was the series' own, or a shadow's
 * @param failure why there was no forecast to score; null where there was one
 */
public record PublishedScore(Score score, String model, Role role, @Nullable String failure) {
  /** The score of a forecast that was made. */
  public PublishedScore(Score score, String model, Role role) {
    this(score, model, role, null);
  }
}
