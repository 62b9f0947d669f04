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
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic's history: all that is committed up to the end offsets seen at the start. */
public final class TopicReader {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LONG_PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Map<String, Object> client;

  /**
   * A reader.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   */
  public TopicReader(Map<String, Object> client) {
    this.client = client;
  }

  /**
   * Reads every partition from its beginning, each in order.
   *
   * @return the end offsets read up to
   * @throws BrokerException where no broker answers or the topic is missing
   */
  public Map<TopicPartition, Long> read(
      String topic, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    Map<TopicPartition, Long> ends = endOffsets(topic);
    read(ends, sink);
    return ends;
  }

  /**
   * The end offsets of a topic as it is now.
   *
   * @throws BrokerException where no broker answers or the topic is missing
   */
  public Map<TopicPartition, Long> endOffsets(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      return consumer.endOffsets(partitions(consumer, topic), PATIENCE);
    } catch (TimeoutException e) {
      throw absent(e);
    }
  }

  /**
   * Returns once what was committed up to those offsets, inclusive, can be read.
   *
   * @throws BrokerException where the broker does not get there in time
   */
  public void awaitReadable(Map<TopicPartition, Long> offsets) {
    long began = System.nanoTime();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      while (!isPast(consumer.endOffsets(offsets.keySet(), PATIENCE), offsets)) {
        if (System.nanoTime() - began > LONG_PATIENCE.toNanos()) {
          throw new BrokerException(
              "what was written is committed, but cannot be read yet: the broker has not ended its"
                  + " transaction within "
                  + LONG_PATIENCE,
              new IllegalStateException());
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } catch (TimeoutException e) {
      throw absent(e);
    }
  }

  private static boolean isPast(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> offsets) {
    return offsets.entrySet().stream()
        .allMatch(offset -> ends.getOrDefault(offset.getKey(), 0L) > offset.getValue());
  }

  /**
   * The offsets at which a topic begins: above 0 where what came before was deleted.
   *
   * @throws BrokerException where no broker answers or the topic is missing
   */
  public Map<TopicPartition, Long> beginningOffsets(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      return consumer.beginningOffsets(partitions(consumer, topic), PATIENCE);
    } catch (TimeoutException e) {
      throw absent(e);
    }
  }

  /**
   * The offsets of the first records of a time or later; where there is none, the end.
   *
   * @param timestampMs time of the records, epoch milliseconds
   * @throws BrokerException where no broker answers
   */
  public Map<TopicPartition, Long> offsetsForTime(
      Collection<TopicPartition> partitions, long timestampMs) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      Map<TopicPartition, Long> offsets = new HashMap<>(consumer.endOffsets(partitions, PATIENCE));
      Map<TopicPartition, Long> wanted = new HashMap<>();
      partitions.forEach(partition -> wanted.put(partition, timestampMs));
      consumer
          .offsetsForTimes(wanted, PATIENCE)
          .forEach(
              (partition, found) -> {
                if (found != null) {
                  offsets.put(partition, found.offset());
                }
              });
      return offsets;
    } catch (TimeoutException e) {
      throw absent(e);
    }
  }

  /**
   * The offsets up to which a consumer group has processed a topic; a partition of which it has
   * processed nothing is left out.
   *
   * @throws BrokerException where no broker answers or the topic is missing
   */
  public Map<TopicPartition, Long> committedOffsets(String topic, String group) {
    Map<String, Object> settings = settings();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      consumer
          .committed(Set.copyOf(partitions(consumer, topic)), PATIENCE)
          .forEach(
              (partition, committed) -> {
                if (committed != null) {
                  offsets.put(partition, committed.offset());
                }
              });
      return offsets;
    } catch (TimeoutException e) {
      throw absent(e);
    }
  }

  /**
   * Opens a partition, from its begin up to an offset.
   *
   * @param end exclusive
   */
  public PartitionRecords open(TopicPartition partition, long end) {
    return new PartitionRecords(new KafkaConsumer<>(settings()), partition, end);
  }

  /**
   * Reads partitions from their beginning, each in order, up to offsets that they have reached.
   *
   * @param ends offsets, exclusive
   * @throws BrokerException where no broker answers, or a partition has not reached its end
   */
  public void read(Map<TopicPartition, Long> ends, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    read(Map.of(), ends, sink);
  }

  /**
   * As {@link #read(Map, Consumer)}, from offsets on.
   *
   * @param begins offsets; a partition that is not among them is read from its beginning
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
    } catch (TimeoutException e) {
      throw absent(e);
    }
  }

  /**
   * The values of records.
   *
   * @param offsets of the records
   * @return by offset; one that is no longer there is left out
   * @throws BrokerException where no broker answers
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
    } catch (TimeoutException e) {
      throw absent(e);
    }
  }

  private static void readOne(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long offset,
      Set<Long> wanted,
      Map<Long, byte[]> found) {
    long end = consumer.endOffsets(Set.of(partition), PATIENCE).getOrDefault(partition, 0L);
    consumer.seek(partition, offset);
    while (consumer.position(partition) <= offset && offset < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.value() != null && wanted.contains(record.offset())) {
          found.put(record.offset(), record.value());
        }
      }
    }
  }

  private BrokerException absent(TimeoutException e) {
    return BrokerException.unreachable(
        String.valueOf(client.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)), e);
  }

  private static void requireReached(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> present = consumer.endOffsets(ends.keySet(), PATIENCE);
    ends.forEach(
        (partition, end) -> {
          if (present.getOrDefault(partition, 0L) < end) {
            throw new BrokerException(
                "%s ends at offset %d, expected %d: is it another topic of that name?"
                    .formatted(partition, present.getOrDefault(partition, 0L), end),
                new IllegalStateException());
          }
        });
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic, PATIENCE);
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
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // What is read is there already: a fetch that waits for more only delays the close behind it.
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
    settings.put(
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    settings.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    return settings;
  }
}
