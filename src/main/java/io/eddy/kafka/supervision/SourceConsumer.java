package io.eddy.kafka.supervision;

import io.eddy.kafka.topics.BrokerException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of events that reports the events that were deleted before they were read. Kafka's own
 * consumer continues after them without a word.
 */
final class SourceConsumer extends KafkaConsumer<byte[], byte[]> {
  private static final Logger log = LoggerFactory.getLogger(SourceConsumer.class);
  private static final String NONE = "none";
  private static final String LATEST = "latest";
  private static final String BY_DURATION = "by_duration:";

  private final String policy;
  private final LongConsumer expired;

  /**
   * Creates a consumer.
   *
   * @param config with the policy for partitions without a committed offset; modified
   */
  SourceConsumer(Map<String, Object> config, LongConsumer expired) {
    this(config, policy(config), expired);
  }

  private SourceConsumer(Map<String, Object> config, String policy, LongConsumer expired) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.policy = policy;
    this.expired = expired;
  }

  /** Takes the policy out of the settings, so that the consumer reports what it finds. */
  private static String policy(Map<String, Object> config) {
    Object policy = config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, NONE);
    return policy == null ? NONE : policy.toString();
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    try {
      return super.poll(timeout);
    } catch (OffsetOutOfRangeException e) {
      skipExpired(e);
    } catch (NoOffsetForPartitionException e) {
      seekToFirst(e);
    }
    return ConsumerRecords.empty();
  }

  private void skipExpired(OffsetOutOfRangeException error) {
    Map<TopicPartition, Long> positions = error.offsetOutOfRangePartitions();
    Map<TopicPartition, Long> begins = beginningOffsets(positions.keySet());
    positions.forEach(
        (partition, position) -> {
          long begin = begins.getOrDefault(partition, 0L);
          if (begin < position) {
            throw new BrokerException(
                ("%s ends before offset %d, the next one to process: was the topic created again?"
                        + " Start over with `eddy reset`")
                    .formatted(partition, position),
                error);
          }
          log.error(
              "up to {} events of {} were deleted before they were processed: offsets {} to {};"
                  + " the retention of the topic is shorter than the lag was",
              begin - position,
              partition,
              position,
              begin - 1);
          expired.accept(begin - position);
          seek(partition, begin);
        });
  }

  /** Begins with partitions without a committed offset, by the policy of the settings. */
  private void seekToFirst(NoOffsetForPartitionException error) {
    Set<TopicPartition> partitions = error.partitions();
    if (policy.equals(NONE)) {
      throw error;
    } else if (policy.equals(LATEST)) {
      seekToEnd(partitions);
    } else if (policy.startsWith(BY_DURATION)) {
      seekToTime(partitions, Duration.parse(policy.substring(BY_DURATION.length())));
    } else {
      seekToBeginning(partitions);
    }
  }

  private void seekToTime(Set<TopicPartition> partitions, Duration before) {
    long fromMs = System.currentTimeMillis() - before.toMillis();
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, fromMs));
    offsetsForTimes(times)
        .forEach(
            (partition, found) -> {
              if (found == null) {
                seekToEnd(Set.of(partition));
              } else {
                seek(partition, found.offset());
              }
            });
  }
}
