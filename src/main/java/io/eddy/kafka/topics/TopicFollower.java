package io.eddy.kafka.topics;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Follows topics: returns the committed records from given offsets on as they arrive, without a
 * consumer group. Partitions that are added later are read from their beginning. Not thread-safe.
 */
public final class TopicFollower implements AutoCloseable {
  private static final Duration REFRESH_PERIOD = Duration.ofSeconds(10);
  private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(3);
  private static final int MAX_FETCH_WAIT_MS = 100;

  private final BrokerErrors errors;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Set<String> topics = new HashSet<>();
  private boolean isReachable = true;
  private long refreshedNs = System.nanoTime();

  /**
   * Starts to follow.
   *
   * @param client Kafka client settings, including {@code bootstrap.servers}
   * @param begins first offset of each partition
   */
  public TopicFollower(Map<String, Object> client, Map<TopicPartition, Long> begins) {
    Map<String, Object> settings = TopicReader.settings(client);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, MAX_FETCH_WAIT_MS);
    errors = new BrokerErrors(client);
    consumer = new KafkaConsumer<>(settings);
    consumer.assign(begins.keySet());
    begins.forEach(
        (partition, offset) -> {
          topics.add(partition.topic());
          consumer.seek(partition, offset);
        });
  }

  /**
   * Returns the next records; empty if none arrives in time.
   *
   * @throws BrokerException if the topics may not be read
   */
  public List<ConsumerRecord<byte[], byte[]>> poll(Duration timeout) {
    if (System.nanoTime() - refreshedNs > REFRESH_PERIOD.toNanos()) {
      refresh();
    }
    try {
      return StreamSupport.stream(consumer.poll(timeout).spliterator(), false).toList();
    } catch (AuthorizationException | AuthenticationException e) {
      throw errors.explain(e, "Read");
    }
  }

  /** Returns whether the records before these offsets have been returned. */
  public boolean isPast(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** Returns whether a broker answered when it was last asked, every ten seconds. */
  public boolean isReachable() {
    return isReachable;
  }

  /** Looks for new partitions. */
  private void refresh() {
    Set<TopicPartition> assigned = new HashSet<>(consumer.assignment());
    Map<TopicPartition, Long> positions = new HashMap<>();
    try {
      for (String topic : topics) {
        for (PartitionInfo info : partitions(topic)) {
          TopicPartition partition = new TopicPartition(topic, info.partition());
          if (assigned.add(partition)) {
            positions.put(partition, 0L);
          }
        }
      }
      isReachable = true;
    } catch (TimeoutException e) {
      isReachable = false;
    }
    if (!positions.isEmpty()) {
      consumer.assign(assigned);
      consumer.seekToBeginning(positions.keySet());
    }
    refreshedNs = System.nanoTime();
  }

  /** Returns the partitions of a topic; none if it was deleted. */
  private List<PartitionInfo> partitions(String topic) {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic, REFRESH_TIMEOUT);
    return partitions == null ? List.of() : partitions;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
