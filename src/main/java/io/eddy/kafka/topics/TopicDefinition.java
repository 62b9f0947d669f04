package io.eddy.kafka.topics;

import java.util.Map;

/**
 * Definition of a topic.
 *
 * @param partitions number of partitions when the topic is created
 * @param partitioning constraint on the number of partitions
 * @param required settings that Eddy depends on
 * @param initial further settings when the topic is created, which its owner may change
 */
public record TopicDefinition(
    String name,
    int partitions,
    Partitioning partitioning,
    Map<String, String> required,
    Map<String, String> initial) {

  /** Constraint on a topic's number of partitions. */
  public enum Partitioning {
    /** Any number. */
    FREE,
    /** The number of the events topic: a forecast is in the same partition as its event. */
    AS_EVENTS,
    /** One, because the records need a total order. */
    SINGLE
  }

  public TopicDefinition {
    required = Map.copyOf(required);
    initial = Map.copyOf(initial);
  }
}
