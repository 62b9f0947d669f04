package io.eddy.kafka.promotion;

import io.eddy.kafka.record.PublishedScore;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activations;
import io.eddy.rollout.PromotionRule;
import io.eddy.rollout.RollbackRules;
import io.eddy.rollout.RolloutDecision;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scores as they are judged: reads what is committed and hands it to what is under judgement,
 * each from its own begin. Keeps nothing that is not read again, so that another one can take its
 * place at any time. Used by one thread.
 */
final class ScoreConsumer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ScoreConsumer.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Records read back for each scored forecast that a watch looks at: shadows' and markers. */
  private static final long LOOK_BACK = 4;

  private final String model;
  private final RollbackRules rules;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final ScoreCodec codec = new ScoreCodec();
  private final Map<Long, Case> cases = new HashMap<>();

  /** Epochs of which all is said. */
  private final Set<Long> closed = new HashSet<>();

  /** Something under judgement, and the offset of the next score that it takes, by partition. */
  private static final class Case {
    final ScoreAggregator tally;
    final Map<TopicPartition, Long> next = new HashMap<>();

    Case(ScoreAggregator tally) {
      this.tally = tally;
    }
  }

  /**
   * Begins to read.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param topic of the scores
   * @param model whose activations are judged
   */
  ScoreConsumer(Map<String, Object> client, String topic, String model, RollbackRules rules) {
    this.model = model;
    this.rules = rules;
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.remove(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<PartitionInfo> infos = consumer.partitionsFor(topic, PATIENCE);
    partitions = infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
  }

  /** Takes up what came under judgement, and leaves what is no longer. */
  void refresh(Activations now) {
    List<Activation> judged = new ArrayList<>(now.heads(Role.SERVE));
    now.heads(Role.SHADOW).stream()
        .filter(head -> head.grounds().challenge() != null)
        .forEach(judged::add);
    Set<Long> epochs = judged.stream().map(Activation::epoch).collect(Collectors.toSet());
    cases.keySet().retainAll(epochs);
    for (Activation one : judged) {
      if (!cases.containsKey(one.epoch()) && !closed.contains(one.epoch())) {
        open(one);
      }
    }
  }

  private void open(Activation one) {
    PromotionRule challenge = one.grounds().challenge();
    boolean isDuel = one.terms().role() == Role.SHADOW && challenge != null;
    Case begun = new Case(isDuel ? new ShadowComparison(one) : new ServingModelMonitor(one, rules));
    Map<TopicPartition, Long> ends = isDuel ? Map.of() : consumer.endOffsets(partitions, PATIENCE);
    for (TopicPartition partition : partitions) {
      long from;
      if (challenge != null && isDuel) {
        List<Long> begins = challenge.scoresFrom();
        from = partition.partition() < begins.size() ? begins.get(partition.partition()) : 0;
      } else {
        from = Math.max(0, ends.getOrDefault(partition, 0L) - LOOK_BACK * rules.over());
      }
      begun.next.put(partition, from);
      if (from < consumer.position(partition, PATIENCE)) {
        consumer.seek(partition, from);
      }
    }
    cases.put(one.epoch(), begun);
  }

  /** Reads on. */
  void read() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      PublishedScore score = decode(record);
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      for (Case one : cases.values()) {
        if (record.offset() >= one.next.getOrDefault(partition, 0L)) {
          one.next.put(partition, record.offset() + 1);
          if (score != null) {
            one.tally.take(score);
          }
        }
      }
    }
  }

  private @Nullable PublishedScore decode(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return null;
    }
    try {
      PublishedScore score =
          codec.decode(new String(record.key(), StandardCharsets.UTF_8), record.value());
      return score.model().equals(model) ? score : null;
    } catch (InvalidRecordException e) {
      log.debug("a score is passed over: {}", e.getMessage());
      return null;
    }
  }

  /**
   * Hands over what is decided, each once.
   *
   * @param settle false where it could not be done and is to be tried again
   */
  void settle(Instant now, Function<Settled, Boolean> settle) {
    for (Case one : List.copyOf(cases.values())) {
      RolloutDecision verdict = one.tally.verdict(now);
      Activation judged = one.tally.activation();
      if (verdict != null && settle.apply(new Settled(judged, verdict))) {
        cases.remove(judged.epoch());
        closed.add(judged.epoch());
      }
    }
  }

  /** An activation and what is decided of it. */
  record Settled(Activation activation, RolloutDecision verdict) {}

  @Override
  public void close() {
    consumer.close();
  }
}
