package io.eddy.kafka.topics;

import java.util.Map;

/**
 * How a topic has to be.
 *
 * @param partitions it is created with
 * @param partitioning whether another number of them would do
 * @param required settings that the forecaster depends on
 * @param chosen settings that a topic is created with, and that its owner may change
 */
public record TopicDefinition(
    String name,
    int partitions,
    Partitioning partitioning,
    Map<String, String> required,
    Map<String, String> chosen) {

  /** What decides a topic's number of partitions. */
  public enum Partitioning {
    /** Nothing but throughput. */
    FREE,
    /** The events: a forecast lies in the partition of its event. */
    AS_EVENTS,
    /** There is one, since its records need one order. */
    SINGLE
  }

  public TopicDefinition {
    required = Map.copyOf(required);
    chosen = Map.copyOf(chosen);
  }
}
