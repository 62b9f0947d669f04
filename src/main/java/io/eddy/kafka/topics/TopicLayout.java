package io.eddy.kafka.topics;

import java.time.Duration;
import java.util.Optional;

/**
 * An operator's choices for topics to be created.
 *
 * @param partitions number of partitions of events, forecasts and scores; ignored if the events
 *     topic exists, whose number then applies to all
 * @param replicationFactor replicas of each partition, or {@link #BROKER_DEFAULT}
 * @param retention retention time of events, forecasts and scores, counted from event time; empty
 *     to keep everything
 */
public record TopicLayout(int partitions, int replicationFactor, Optional<Duration> retention) {
  /** Uses the broker's default replication factor. */
  public static final int BROKER_DEFAULT = -1;

  public TopicLayout {
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions: expected at least 1, got " + partitions);
    }
    boolean isFactor = replicationFactor >= 1 && replicationFactor <= Short.MAX_VALUE;
    if (!isFactor && replicationFactor != BROKER_DEFAULT) {
      throw new IllegalArgumentException(
          "replication factor: expected 1 to %d, or -1 for the broker's default, got %d"
              .formatted(Short.MAX_VALUE, replicationFactor));
    }
    if (retention.isPresent() && retention.get().compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "retention: expected more than zero, got " + retention.get());
    }
  }

  /** Returns a layout with the broker's replication factor and unlimited retention. */
  public static TopicLayout of(int partitions) {
    return new TopicLayout(partitions, BROKER_DEFAULT, Optional.empty());
  }
}
