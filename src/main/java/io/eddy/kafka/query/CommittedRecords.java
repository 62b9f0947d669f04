package io.eddy.kafka.query;

import io.eddy.kafka.topics.BrokerErrors;
import io.eddy.kafka.topics.ClientProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed records of single keys, a bounded number of records back. All requests share
 * one consumer, which exists from the first request on and fetches only during a request.
 * Thread-safe; requests wait for each other.
 */
public final class CommittedRecords implements AutoCloseable {
  /** Maximum number of records that are read for one range. */
  static final int MAX_RECORDS = 10_000;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Map<String, Object> client;
  private final String clientId;
  private @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private boolean isClosed;

  /**
   * Creates a reader.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   */
  public CommittedRecords(Map<String, Object> client, String clientId) {
    this.client = client;
    this.clientId = clientId;
  }

  /** Returns the settings of a consumer that reads committed records without a group. */
  static Map<String, Object> settings(Map<String, Object> client, String clientId) {
    Map<String, Object> settings = ClientProperties.consumer(client);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return settings;
  }

  /**
   * Returns the number of partitions of a topic.
   *
   * @throws StateUnavailableException if no broker answers or the topic is missing
   */
  public synchronized int partitions(String topic) {
    try {
      List<PartitionInfo> infos = open().partitionsFor(topic, TIMEOUT);
      if (infos == null || infos.isEmpty()) {
        throw new StateUnavailableException("topic " + topic + " is missing");
      }
      return infos.size();
    } catch (KafkaException e) {
      throw unavailable(topic, e);
    }
  }

  /** Returns the partition of a key in a topic that Kafka's default partitioner writes. */
  TopicPartition partition(String topic, byte[] key) {
    return new TopicPartition(topic, Utils.toPositive(Utils.murmur2(key)) % partitions(topic));
  }

  /**
   * Reads the records of a key from a record time on: the first {@value #MAX_RECORDS} records of
   * the partition from there, and the last ones.
   *
   * @param fromMs record time, epoch milliseconds
   * @return in the order of their offsets
   * @throws StateUnavailableException if no broker answers in time
   */
  synchronized List<ConsumerRecord<byte[], byte[]>> fromTime(
      TopicPartition partition, byte[] key, long fromMs) {
    try {
      KafkaConsumer<byte[], byte[]> open = open();
      long end = end(open, partition);
      OffsetAndTimestamp first =
          open.offsetsForTimes(Map.of(partition, Math.max(0, fromMs)), TIMEOUT).get(partition);
      long from = first == null ? end : Math.min(end, first.offset());
      List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
      long to = Math.min(end, from + MAX_RECORDS);
      read(open, partition, from, to, key, found);
      read(open, partition, Math.max(to, end - MAX_RECORDS), end, key, found);
      return found;
    } catch (KafkaException e) {
      throw unavailable(partition.topic(), e);
    }
  }

  /**
   * Reads the records of a key among the last {@value #MAX_RECORDS} records of a partition.
   *
   * @return in the order of their offsets
   * @throws StateUnavailableException if no broker answers in time
   */
  synchronized List<ConsumerRecord<byte[], byte[]>> latest(TopicPartition partition, byte[] key) {
    try {
      KafkaConsumer<byte[], byte[]> open = open();
      long end = end(open, partition);
      List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
      read(open, partition, Math.max(0, end - MAX_RECORDS), end, key, found);
      return found;
    } catch (KafkaException e) {
      throw unavailable(partition.topic(), e);
    }
  }

  private static long end(KafkaConsumer<byte[], byte[]> open, TopicPartition partition) {
    return open.endOffsets(Set.of(partition), TIMEOUT).getOrDefault(partition, 0L);
  }

  private static void read(
      KafkaConsumer<byte[], byte[]> open,
      TopicPartition partition,
      long from,
      long end,
      byte[] key,
      List<ConsumerRecord<byte[], byte[]>> found) {
    if (from >= end) {
      return;
    }
    long begin = System.nanoTime();
    open.assign(Set.of(partition));
    open.seek(partition, Math.max(0, from));
    try {
      while (open.position(partition, TIMEOUT) < end) {
        for (ConsumerRecord<byte[], byte[]> record : open.poll(POLL)) {
          if (record.offset() < end && Arrays.equals(record.key(), key)) {
            found.add(record);
          }
        }
        if (System.nanoTime() - begin > TIMEOUT.toNanos()) {
          throw new StateUnavailableException(
              "%s was not read within %d s".formatted(partition, TIMEOUT.toSeconds()));
        }
      }
    } finally {
      open.unsubscribe();
    }
  }

  private KafkaConsumer<byte[], byte[]> open() {
    if (isClosed) {
      throw new StateUnavailableException("the forecaster is stopping");
    }
    if (consumer == null) {
      Map<String, Object> settings = settings(client, clientId);
      settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
      settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000);
      consumer =
          new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
    return consumer;
  }

  private StateUnavailableException unavailable(String topic, KafkaException cause) {
    String known = new BrokerErrors(client).describe(cause, "Read on topic " + topic);
    return new StateUnavailableException(
        "cannot read topic %s: %s".formatted(topic, known == null ? cause.getMessage() : known),
        cause);
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    if (consumer != null) {
      consumer.close();
      consumer = null;
    }
  }
}
