package io.eddy.kafka.promotion;

import io.eddy.kafka.record.PublishedScore;
import io.eddy.rollout.Activation;
import io.eddy.rollout.RolloutDecision;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the scores since a beginning say of an activation. Follows from them alone, but for the time
 * that is over: whoever reads them again comes to the same end.
 */
interface ScoreAggregator {
  /** What is judged. */
  Activation activation();

  /** Takes the next score. */
  void take(PublishedScore score);

  /** What is decided; null as long as nothing is. */
  @Nullable RolloutDecision verdict(Instant now);
}
