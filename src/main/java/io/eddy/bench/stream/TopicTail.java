package io.eddy.bench.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the latest committed records of topics. */
final class TopicTail implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int MAX_EMPTY_POLLS = 20;

  private final KafkaConsumer<byte[], byte[]> consumer;

  TopicTail(String bootstrapServers) {
    consumer = consumer(bootstrapServers);
  }

  /** Returns a consumer of committed records without a group. */
  static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Returns the partitions of a topic. */
  static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  /** Returns the number of offsets of a topic in use, which includes a few markers of commits. */
  long records(String topic) {
    List<TopicPartition> partitions = partitions(consumer, topic);
    return sum(consumer.endOffsets(partitions)) - sum(consumer.beginningOffsets(partitions));
  }

  private static long sum(Map<TopicPartition, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the values of about the latest {@code count} records, without tombstones. */
  List<byte[]> values(String topic, int count) {
    List<TopicPartition> partitions = partitions(consumer, topic);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    consumer.assign(partitions);
    consumer
        .endOffsets(partitions)
        .forEach(
            (partition, end) ->
                consumer.seek(
                    partition, Math.max(begins.getOrDefault(partition, 0L), end - count)));
    List<byte[]> values = new ArrayList<>();
    int empty = 0;
    while (values.size() < count && empty < MAX_EMPTY_POLLS) {
      empty++;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        empty = 0;
        if (record.value() != null) {
          values.add(record.value());
        }
      }
    }
    return values.subList(0, Math.min(count, values.size()));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
