package io.eddy.kafka.promotion;

import io.eddy.kafka.record.PublishedScore;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activations;
import io.eddy.rollout.PromotionRule;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How a shadow that is to serve on a condition stands against what serves, by the scores so far.
 *
 * @param shadow its activation, with the condition
 * @param compared forecasts of both that count for the condition
 * @param missing forecasts that are to be compared before it is looked at again; 0 where it is
 *     decided
 * @param pinball mean loss of the quantiles, over the error of seasonal naive
 * @param mase mean absolute error, over the error of seasonal naive
 * @param decision what follows, where a judge is yet to do it; null where nothing is decided
 */
public record ShadowComparisonStatus(
    Activation shadow,
    int compared,
    int missing,
    Errors pinball,
    Errors mase,
    @Nullable String decision) {

  /**
   * Errors of the same forecasts; NaN where there are none.
   *
   * @param serving of what serves
   * @param shadowing of the shadow
   */
  public record Errors(double serving, double shadowing) {
    /** By which share the shadow's is smaller; NaN where there are none. */
    public double gain() {
      return 1 - shadowing / serving;
    }
  }

  /** When it is over, decided or not. */
  public Instant until() {
    return challenge().until();
  }

  /** By the measure that decides. */
  public Errors decisive() {
    return challenge().condition().measure() == PromotionRule.Measure.PINBALL ? pinball : mase;
  }

  private PromotionRule challenge() {
    return Objects.requireNonNull(shadow.grounds().challenge());
  }

  /**
   * Of every shadow with a condition, from the scores that judges read.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param topic of the scores
   * @return by epoch
   * @throws BrokerException where no broker answers or the topic is missing
   */
  public static Map<Long, ShadowComparisonStatus> read(
      Map<String, Object> client, String topic, String model, Activations now) {
    List<Activation> shadows =
        now.heads(Role.SHADOW).stream().filter(head -> head.grounds().challenge() != null).toList();
    Map<Long, ShadowComparisonStatus> standings = new HashMap<>();
    if (shadows.isEmpty()) {
      return standings;
    }
    TopicReader reader = new TopicReader(client);
    Map<TopicPartition, Long> begins = reader.beginningOffsets(topic);
    Map<TopicPartition, Long> ends = reader.endOffsets(topic);
    ScoreCodec codec = new ScoreCodec();
    for (Activation shadow : shadows) {
      ShadowComparison duel = new ShadowComparison(shadow);
      List<Long> since = Objects.requireNonNull(shadow.grounds().challenge()).scoresFrom();
      Map<TopicPartition, Long> from = new HashMap<>(begins);
      from.replaceAll(
          (partition, begin) ->
              partition.partition() < since.size()
                  ? Math.max(begin, since.get(partition.partition()))
                  : begin);
      reader.read(
          from,
          ends,
          record -> {
            PublishedScore score = decode(codec, record);
            if (score != null && score.model().equals(model)) {
              duel.take(score);
            }
          });
      standings.put(shadow.epoch(), duel.standing());
    }
    return standings;
  }

  private static @Nullable PublishedScore decode(
      ScoreCodec codec, ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return null;
    }
    try {
      return codec.decode(new String(record.key(), StandardCharsets.UTF_8), record.value());
    } catch (InvalidRecordException e) {
      // A foreign record is no score.
      return null;
    }
  }
}
