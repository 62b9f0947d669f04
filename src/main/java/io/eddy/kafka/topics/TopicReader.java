package io.eddy.kafka.topics;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the committed records of topics up to given end offsets. */
public final class TopicReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private static final String READ = "Read";

  private final Map<String, Object> client;
  private final BrokerErrors errors;

  /**
   * Creates a reader.
   *
   * @param client Kafka client settings, including {@code bootstrap.servers}
   */
  public TopicReader(Map<String, Object> client) {
    this.client = client;
    errors = new BrokerErrors(client);
  }

  /**
   * Reads all partitions of a topic from the beginning to the current end, each in order.
   *
   * @return the end offsets
   * @throws BrokerException if no broker answers or the topic is missing
   */
  public Map<TopicPartition, Long> read(
      String topic, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    Map<TopicPartition, Long> ends = endOffsets(topic);
    read(ends, sink);
    return ends;
  }

  /**
   * Returns the current end offsets of a topic.
   *
   * @throws BrokerException if no broker answers or the topic is missing
   */
  public Map<TopicPartition, Long> endOffsets(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      return consumer.endOffsets(partitions(consumer, topic), TIMEOUT);
    } catch (KafkaException e) {
      throw errors.explain(e, READ);
    }
  }

  /**
   * Waits until committed records up to these offsets, inclusive, can be read.
   *
   * @throws BrokerException if the broker does not end its transaction in time
   */
  public void awaitReadable(Map<TopicPartition, Long> offsets) {
    long began = System.nanoTime();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      while (!isPast(consumer.endOffsets(offsets.keySet(), TIMEOUT), offsets)) {
        if (System.nanoTime() - began > COMMIT_TIMEOUT.toNanos()) {
          throw new BrokerException(
              "committed records cannot be read yet: the broker did not end the transaction within "
                  + COMMIT_TIMEOUT,
              new IllegalStateException());
        }
        LockSupport.parkNanos(POLL_INTERVAL.toNanos());
      }
    } catch (KafkaException e) {
      throw errors.explain(e, READ);
    }
  }

  private static boolean isPast(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> offsets) {
    return offsets.entrySet().stream()
        .allMatch(offset -> ends.getOrDefault(offset.getKey(), 0L) > offset.getValue());
  }

  /**
   * Returns the beginning offsets of a topic; above 0 if earlier records were deleted.
   *
   * @throws BrokerException if no broker answers or the topic is missing
   */
  public Map<TopicPartition, Long> beginningOffsets(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      return consumer.beginningOffsets(partitions(consumer, topic), TIMEOUT);
    } catch (KafkaException e) {
      throw errors.explain(e, READ);
    }
  }

  /**
   * Returns the offsets of the first records with at least this timestamp, or the end offsets.
   *
   * @param timestampMs record timestamp, in epoch milliseconds
   * @throws BrokerException if no broker answers
   */
  public Map<TopicPartition, Long> offsetsForTime(
      Collection<TopicPartition> partitions, long timestampMs) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      Map<TopicPartition, Long> offsets = new HashMap<>(consumer.endOffsets(partitions, TIMEOUT));
      Map<TopicPartition, Long> wanted = new HashMap<>();
      partitions.forEach(partition -> wanted.put(partition, timestampMs));
      consumer
          .offsetsForTimes(wanted, TIMEOUT)
          .forEach(
              (partition, found) -> {
                if (found != null) {
                  offsets.put(partition, found.offset());
                }
              });
      return offsets;
    } catch (KafkaException e) {
      throw errors.explain(e, READ);
    }
  }

  /**
   * Returns the committed offsets of a consumer group; partitions without one are omitted.
   *
   * @throws BrokerException if no broker answers or the topic is missing
   */
  public Map<TopicPartition, Long> committedOffsets(String topic, String group) {
    Map<String, Object> settings = settings();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      consumer
          .committed(Set.copyOf(partitions(consumer, topic)), TIMEOUT)
          .forEach(
              (partition, committed) -> {
                if (committed != null) {
                  offsets.put(partition, committed.offset());
                }
              });
      return offsets;
    } catch (GroupAuthorizationException e) {
      throw errors.explain(e, "Describe");
    } catch (KafkaException e) {
      throw errors.explain(e, READ);
    }
  }

  /**
   * Opens a partition for iteration, from its beginning to an end offset.
   *
   * @param end exclusive
   */
  public PartitionRecords open(TopicPartition partition, long end) {
    return open(partition, -1, end);
  }

  /**
   * Opens a partition for iteration between two offsets.
   *
   * @param begin inclusive; negative for the beginning of the partition
   * @param end exclusive
   */
  public PartitionRecords open(TopicPartition partition, long begin, long end) {
    try {
      return new PartitionRecords(new KafkaConsumer<>(settings()), errors, partition, begin, end);
    } catch (KafkaException e) {
      throw errors.explain(e, READ);
    }
  }

  /**
   * Reads partitions from the beginning to end offsets, each in order.
   *
   * @param ends end offsets, exclusive
   * @throws BrokerException if no broker answers, or a partition is shorter than its end offset
   */
  public void read(Map<TopicPartition, Long> ends, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    read(Map.of(), ends, sink);
  }

  /**
   * Reads partitions between offsets, each in order.
   *
   * @param begins begin offsets; other partitions are read from the beginning
   * @param ends end offsets, exclusive
   * @throws BrokerException if no broker answers, or a partition is shorter than its end offset
   */
  public void read(
      Map<TopicPartition, Long> begins,
      Map<TopicPartition, Long> ends,
      Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      requireReached(consumer, ends);
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      begins.forEach(consumer::seek);
      while (isBefore(consumer, ends)) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (record.offset() < endOf(ends, record)) {
            sink.accept(record);
          }
        }
      }
    } catch (KafkaException e) {
      throw errors.explain(e, READ);
    }
  }

  /**
   * Reads the values of single records.
   *
   * @param offsets offsets of the records
   * @return values by offset; deleted records are omitted
   * @throws BrokerException if no broker answers
   */
  public Map<Long, byte[]> values(TopicPartition partition, Collection<Long> offsets) {
    Set<Long> wanted = new HashSet<>(offsets);
    Map<Long, byte[]> found = new HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      consumer.assign(Set.of(partition));
      for (long offset : new TreeSet<>(wanted)) {
        if (!found.containsKey(offset)) {
          readOne(consumer, partition, offset, wanted, found);
        }
      }
      return found;
    } catch (KafkaException e) {
      throw errors.explain(e, READ);
    }
  }

  private static void readOne(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long offset,
      Set<Long> wanted,
      Map<Long, byte[]> found) {
    long end = consumer.endOffsets(Set.of(partition), TIMEOUT).getOrDefault(partition, 0L);
    consumer.seek(partition, offset);
    while (consumer.position(partition) <= offset && offset < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.value() != null && wanted.contains(record.offset())) {
          found.put(record.offset(), record.value());
        }
      }
    }
  }

  private static void requireReached(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> actual = consumer.endOffsets(ends.keySet(), TIMEOUT);
    ends.forEach(
        (partition, end) -> {
          if (actual.getOrDefault(partition, 0L) < end) {
            throw new BrokerException(
                "%s ends at offset %d, expected at least %d: was the topic recreated?"
                    .formatted(partition, actual.getOrDefault(partition, 0L), end),
                new IllegalStateException());
          }
        });
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic, TIMEOUT);
    if (infos == null || infos.isEmpty()) {
      throw new BrokerException(
          "topic " + topic + " is missing: run `eddy topics create`", new IllegalStateException());
    }
    return infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  private static long endOf(Map<TopicPartition, Long> ends, ConsumerRecord<byte[], byte[]> record) {
    return ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
  }

  private static boolean isBefore(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      if (consumer.position(end.getKey()) < end.getValue()) {
        return true;
      }
    }
    return false;
  }

  private Map<String, Object> settings() {
    return settings(client);
  }

  /** Returns the settings of a consumer that reads committed records. */
  static Map<String, Object> settings(Map<String, Object> client) {
    Map<String, Object> settings = ClientProperties.consumer(client);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // All records exist already; a fetch that waits for more would only delay closing.
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
    settings.put(
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    settings.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    return settings;
  }
}
