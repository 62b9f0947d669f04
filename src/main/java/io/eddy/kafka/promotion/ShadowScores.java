package io.eddy.kafka.promotion;

import io.eddy.kafka.record.PublishedScore;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activations;
import io.eddy.rollout.ScoredForecast;
import io.eddy.rollout.ShadowComparison;
import io.eddy.rollout.ShadowComparisonStatus;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads the scores topic to report the progress of shadow comparisons. */
public final class ShadowScores {
  private ShadowScores() {}

  /**
   * Returns the progress of every shadow with a promotion rule, by epoch.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param topic the scores topic
   * @throws BrokerException if no broker answers or the topic is missing
   */
  public static Map<Long, ShadowComparisonStatus> read(
      Map<String, Object> client, String topic, String model, Activations current) {
    List<Activation> shadows =
        current.heads(Role.SHADOW).stream()
            .filter(head -> head.cause().promotionRule() != null)
            .toList();
    Map<Long, ShadowComparisonStatus> statuses = new HashMap<>();
    if (shadows.isEmpty()) {
      return statuses;
    }
    TopicReader reader = new TopicReader(client);
    Map<TopicPartition, Long> begins = reader.beginningOffsets(topic);
    Map<TopicPartition, Long> ends = reader.endOffsets(topic);
    ScoreCodec codec = new ScoreCodec();
    for (Activation shadow : shadows) {
      ShadowComparison comparison = new ShadowComparison(shadow);
      List<Long> scoresFrom = Objects.requireNonNull(shadow.cause().promotionRule()).scoresFrom();
      Map<TopicPartition, Long> from = new HashMap<>(begins);
      from.replaceAll(
          (partition, begin) ->
              partition.partition() < scoresFrom.size()
                  ? Math.max(begin, scoresFrom.get(partition.partition()))
                  : begin);
      reader.read(
          from,
          ends,
          record -> {
            ScoredForecast scored = decode(codec, record, model);
            if (scored != null) {
              comparison.add(scored);
            }
          });
      statuses.put(shadow.epoch(), comparison.status());
    }
    return statuses;
  }

  /** Decodes a score; null if the record is not a score of the model. */
  static @Nullable ScoredForecast decode(
      ScoreCodec codec, ConsumerRecord<byte[], byte[]> record, String model) {
    if (record.key() == null || record.value() == null) {
      return null;
    }
    try {
      PublishedScore published =
          codec.decode(new String(record.key(), StandardCharsets.UTF_8), record.value());
      return published.model().equals(model)
          ? new ScoredForecast(published.score(), published.role(), published.failure())
          : null;
    } catch (InvalidRecordException e) {
      return null;
    }
  }
}
