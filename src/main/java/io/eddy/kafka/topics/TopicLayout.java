package io.eddy.kafka.topics;

import java.time.Duration;
import java.util.Optional;

/**
 * What an operator decides about the topics to be created.
 *
 * @param partitions of events, forecasts and scores; those of an events topic that is there come
 *     first
 * @param replicationFactor copies of each partition, or {@link #BROKER_DEFAULT}
 * @param retention how long events, forecasts and scores are kept, counted from event time; without
 *     one they are kept for good
 */
public record TopicLayout(int partitions, int replicationFactor, Optional<Duration> retention) {
  /** Leaves the replication factor to the broker. */
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

  /** With so many partitions, the broker's replication factor, and everything kept. */
  public static TopicLayout of(int partitions) {
    return new TopicLayout(partitions, BROKER_DEFAULT, Optional.empty());
  }
}
