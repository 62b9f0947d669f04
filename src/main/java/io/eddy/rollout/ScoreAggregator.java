package io.eddy.rollout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates the scores of an activation into a decision. The decision depends only on the scores
 * and the deadline, so that reading the scores again gives the same one.
 */
public interface ScoreAggregator {
  /** Returns the activation that is monitored. */
  Activation activation();

  /** Adds the next score. */
  void add(ScoredForecast scored);

  /** Returns the decision; null if none exists yet. */
  @Nullable RolloutDecision decision(Instant now);
}
