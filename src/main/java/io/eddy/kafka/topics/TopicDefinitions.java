package io.eddy.kafka.topics;

import io.eddy.kafka.topics.TopicDefinition.Partitioning;
import io.eddy.rollout.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** The settings of every topic, in one place. Message sizes are the broker's defaults. */
final class TopicDefinitions {
  /** A part of a model file with its envelope; the broker's default limit is above it. */
  static final int LARGEST_MESSAGE = Manifest.PART_SIZE + (64 << 10);

  static final long KEPT = -1;

  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

  /**
   * Records bear event time. It may lie years back or, where a clock is wrong, ahead; a broker that
   * refused such a record would fail the transaction that holds it.
   */
  private static final Map<String, String> ANY_TIME =
      Map.of(
          TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE),
          TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE));

  /** A flood of bad records does not fill the disk. */
  private static final Map<String, String> BOUNDED_BY_SIZE =
      Map.of(
          TopicConfig.RETENTION_MS_CONFIG, Long.toString(KEPT),
          TopicConfig.RETENTION_BYTES_CONFIG, Long.toString(1L << 30));

  private TopicDefinitions() {}

  /**
   * The topics, events first.
   *
   * @param partitions of the topic whose events give forecasts; a forecast lies in the partition of
   *     its event
   * @param retentionMs of events, forecasts and scores. It counts from event time, so a history
   *     older than that would be deleted as it arrives; {@link #KEPT} keeps everything
   */
  static List<TopicDefinition> definitions(TopicNames names, int partitions, long retentionMs) {
    Map<String, String> retention =
        Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retentionMs));
    List<TopicDefinition> definitions = new ArrayList<>();
    // The events are their owner's: nothing is required of them.
    definitions.add(
        new TopicDefinition(names.events(), partitions, Partitioning.FREE, Map.of(), retention));
    if (names.keyedEvents() != null) {
      definitions.add(
          new TopicDefinition(
              names.keyedEvents(), partitions, Partitioning.FREE, ANY_TIME, retention));
    }
    definitions.addAll(written(names, partitions, retention));
    return List.copyOf(definitions);
  }

  private static List<TopicDefinition> written(
      TopicNames names, int partitions, Map<String, String> retention) {
    return List.of(
        new TopicDefinition(
            names.forecasts(), partitions, Partitioning.AS_EVENTS, ANY_TIME, retention),
        new TopicDefinition(names.scores(), partitions, Partitioning.FREE, ANY_TIME, retention),
        new TopicDefinition(names.models(), 1, Partitioning.SINGLE, COMPACTED, Map.of()),
        new TopicDefinition(names.activations(), 1, Partitioning.SINGLE, COMPACTED, Map.of()),
        new TopicDefinition(names.deadLetters(), 1, Partitioning.FREE, ANY_TIME, BOUNDED_BY_SIZE),
        new TopicDefinition(names.status(), 1, Partitioning.SINGLE, COMPACTED, Map.of()));
  }
}
