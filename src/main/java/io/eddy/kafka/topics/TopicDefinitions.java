package io.eddy.kafka.topics;

import io.eddy.kafka.topics.TopicDefinition.Partitioning;
import io.eddy.rollout.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** Definitions of all topics. Maximum message sizes are left at the broker's defaults. */
final class TopicDefinitions {
  /** Maximum size of a record with a part of a model file; below the broker's default limit. */
  static final int MAX_MODEL_PART_BYTES = Manifest.PART_SIZE + (64 << 10);

  /** Retention time of a topic that keeps everything. */
  static final long UNLIMITED_RETENTION = -1;

  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

  /**
   * Accepts all timestamps. Records have event time, which may be years in the past or, with a
   * wrong clock, in the future. A broker that rejected such a record would fail its transaction.
   */
  private static final Map<String, String> ANY_TIMESTAMP =
      Map.of(
          TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE),
          TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE));

  /** Limits the size, so that a flood of rejected records does not fill the disk. */
  private static final Map<String, String> BOUNDED_BY_SIZE =
      Map.of(
          TopicConfig.RETENTION_MS_CONFIG, Long.toString(UNLIMITED_RETENTION),
          TopicConfig.RETENTION_BYTES_CONFIG, Long.toString(1L << 30));

  private TopicDefinitions() {}

  /**
   * Returns the definitions, the events topic first.
   *
   * @param partitions number of partitions of the source topic and the forecasts topic
   * @param retentionMs retention time of events, forecasts, scores and anomalies, or {@link
   *     #UNLIMITED_RETENTION}. It counts from event time, so older history is deleted on arrival
   */
  static List<TopicDefinition> definitions(TopicNames names, int partitions, long retentionMs) {
    Map<String, String> retention =
        Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retentionMs));
    List<TopicDefinition> definitions = new ArrayList<>();
    // The events topic belongs to the user: no settings are required.
    definitions.add(
        new TopicDefinition(names.events(), partitions, Partitioning.FREE, Map.of(), retention));
    if (names.keyedEvents() != null) {
      definitions.add(
          new TopicDefinition(
              names.keyedEvents(), partitions, Partitioning.FREE, ANY_TIMESTAMP, retention));
    }
    definitions.addAll(outputs(names, partitions, retention));
    if (names.anomalies() != null) {
      definitions.add(
          new TopicDefinition(
              names.anomalies(), partitions, Partitioning.AS_EVENTS, ANY_TIMESTAMP, retention));
    }
    if (names.alerts() != null) {
      definitions.add(
          new TopicDefinition(
              names.alerts(), partitions, Partitioning.AS_EVENTS, ANY_TIMESTAMP, retention));
    }
    return List.copyOf(definitions);
  }

  private static List<TopicDefinition> outputs(
      TopicNames names, int partitions, Map<String, String> retention) {
    return List.of(
        new TopicDefinition(
            names.forecasts(), partitions, Partitioning.AS_EVENTS, ANY_TIMESTAMP, retention),
        new TopicDefinition(
            names.scores(), partitions, Partitioning.FREE, ANY_TIMESTAMP, retention),
        new TopicDefinition(names.models(), 1, Partitioning.SINGLE, COMPACTED, Map.of()),
        new TopicDefinition(names.activations(), 1, Partitioning.SINGLE, COMPACTED, Map.of()),
        new TopicDefinition(
            names.deadLetters(), 1, Partitioning.FREE, ANY_TIMESTAMP, BOUNDED_BY_SIZE),
        new TopicDefinition(names.status(), 1, Partitioning.SINGLE, COMPACTED, Map.of()));
  }
}
