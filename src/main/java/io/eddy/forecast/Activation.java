package io.eddy.forecast;

import io.eddy.model.ModelVersion;
import org.jspecify.annotations.Nullable;

/**
 * Puts a version of a model to work.
 *
 * @param model the model's name
 * @param epoch from 1; of two that are effective the higher wins
 * @param version to serve
 * @param effectiveFromMs event time from which it is effective, epoch milliseconds; null for at
 *     once
 * @param reason why, for people
 */
public record Activation(
    String model, long epoch, ModelVersion version, @Nullable Long effectiveFromMs, String reason) {
  public Activation {
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch: expected at least 1, got " + epoch);
    }
  }

  /** Whether it is effective for an event of that time. */
  public boolean isEffectiveAt(long timestampMs) {
    return effectiveFromMs == null || effectiveFromMs <= timestampMs;
  }
}
