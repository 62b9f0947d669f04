package io.eddy.kafka.promotion;

import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.topics.ClientProperties;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activations;
import io.eddy.rollout.PromotionRule;
import io.eddy.rollout.RollbackRules;
import io.eddy.rollout.RolloutDecision;
import io.eddy.rollout.ScoreAggregator;
import io.eddy.rollout.ScoredForecast;
import io.eddy.rollout.ServingModelMonitor;
import io.eddy.rollout.ShadowComparison;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Consumes committed scores and passes them to the aggregators of the monitored activations, each
 * from its own offset. Its state is rebuilt from the topic when another instance takes over. Used
 * by one thread.
 */
final class ScoreConsumer implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Records to read back per scored forecast; allows for shadow scores and transaction markers. */
  private static final long RECORDS_PER_FORECAST = 4;

  private final String model;
  private final RollbackRules rules;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final ScoreCodec codec = new ScoreCodec();
  private final Map<Long, Monitored> monitored = new HashMap<>();

  /** Epochs of the activations with an applied decision. */
  private final Set<Long> decided = new HashSet<>();

  /** An aggregator and the next offset that it takes, by partition. */
  private static final class Monitored {
    final ScoreAggregator aggregator;
    final Map<TopicPartition, Long> next = new HashMap<>();

    Monitored(ScoreAggregator aggregator) {
      this.aggregator = aggregator;
    }
  }

  /**
   * Creates a consumer at the end of the topic.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param topic the scores topic
   */
  ScoreConsumer(Map<String, Object> client, String topic, String model, RollbackRules rules) {
    this.model = model;
    this.rules = rules;
    Map<String, Object> settings = ClientProperties.consumer(client);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<PartitionInfo> infos = consumer.partitionsFor(topic, TIMEOUT);
    partitions = infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
  }

  /** Updates the set of monitored activations. */
  void refresh(Activations current) {
    List<Activation> activations = new ArrayList<>(current.heads(Role.SERVE));
    current.heads(Role.SHADOW).stream()
        .filter(head -> head.cause().promotionRule() != null)
        .forEach(activations::add);
    Set<Long> epochs = activations.stream().map(Activation::epoch).collect(Collectors.toSet());
    monitored.keySet().retainAll(epochs);
    for (Activation activation : activations) {
      if (!monitored.containsKey(activation.epoch()) && !decided.contains(activation.epoch())) {
        monitor(activation);
      }
    }
  }

  private void monitor(Activation activation) {
    PromotionRule rule =
        activation.terms().role() == Role.SHADOW ? activation.cause().promotionRule() : null;
    Monitored added =
        new Monitored(
            rule == null
                ? new ServingModelMonitor(activation, rules)
                : new ShadowComparison(activation));
    Map<TopicPartition, Long> ends =
        rule == null ? consumer.endOffsets(partitions, TIMEOUT) : Map.of();
    for (TopicPartition partition : partitions) {
      long from = rule == null ? monitorFrom(ends, partition) : compareFrom(rule, partition);
      added.next.put(partition, from);
      if (from < consumer.position(partition, TIMEOUT)) {
        consumer.seek(partition, from);
      }
    }
    monitored.put(activation.epoch(), added);
  }

  private long monitorFrom(Map<TopicPartition, Long> ends, TopicPartition partition) {
    return Math.max(0, ends.getOrDefault(partition, 0L) - RECORDS_PER_FORECAST * rules.forecasts());
  }

  private static long compareFrom(PromotionRule rule, TopicPartition partition) {
    List<Long> from = rule.scoresFrom();
    return partition.partition() < from.size() ? from.get(partition.partition()) : 0;
  }

  /** Polls once and passes the scores to the aggregators. */
  void poll() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      ScoredForecast scored = ShadowScores.decode(codec, record, model);
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      for (Monitored candidate : monitored.values()) {
        if (record.offset() >= candidate.next.getOrDefault(partition, 0L)) {
          candidate.next.put(partition, record.offset() + 1);
          if (scored != null) {
            candidate.aggregator.add(scored);
          }
        }
      }
    }
  }

  /** Passes each new decision to {@code apply} once. A decision is retried if that throws. */
  void applyDecisions(Instant now, BiConsumer<Activation, RolloutDecision> apply) {
    for (Monitored candidate : List.copyOf(monitored.values())) {
      @Nullable RolloutDecision decision = candidate.aggregator.decision(now);
      Activation activation = candidate.aggregator.activation();
      if (decision != null) {
        apply.accept(activation, decision);
        monitored.remove(activation.epoch());
        decided.add(activation.epoch());
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
