package io.eddy.kafka.topics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the last records of a topic. Reads it backwards from its end in chunks, each twice as large
 * as the one before, until there are enough records.
 */
public final class LastRecords {
  private static final Comparator<ConsumerRecord<byte[], byte[]>> BY_TIME =
      Comparator.<ConsumerRecord<byte[], byte[]>>comparingLong(ConsumerRecord::timestamp)
          .thenComparingInt(ConsumerRecord::partition)
          .thenComparingLong(ConsumerRecord::offset);
  private static final int MIN_CHUNK = 1000;

  private final TopicReader reader;
  private final Map<TopicPartition, Long> begins;
  private final Map<TopicPartition, Long> ends;

  /**
   * Creates a reader of the records that a topic holds now.
   *
   * @throws BrokerException if no broker answers or the topic is missing
   */
  public LastRecords(TopicReader reader, String topic) {
    this.reader = reader;
    begins = reader.beginningOffsets(topic);
    ends = Map.copyOf(reader.endOffsets(topic));
  }

  /** Returns the end offsets, after which {@link TopicFollower} continues. */
  public Map<TopicPartition, Long> ends() {
    return ends;
  }

  /** Returns the beginning offsets. */
  public Map<TopicPartition, Long> begins() {
    return Map.copyOf(begins);
  }

  /**
   * Returns the last records that a filter accepts, in order of their timestamps.
   *
   * @param count maximum number of records
   */
  public List<ConsumerRecord<byte[], byte[]>> read(
      int count, Predicate<ConsumerRecord<byte[], byte[]>> filter) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    Map<TopicPartition, Long> unread = new HashMap<>(ends);
    for (long chunk = Math.max(MIN_CHUNK, count); found.size() < count; chunk *= 2) {
      Map<TopicPartition, Long> from = new HashMap<>();
      Map<TopicPartition, Long> to = new HashMap<>();
      for (Map.Entry<TopicPartition, Long> end : unread.entrySet()) {
        long begin = Math.max(begins.getOrDefault(end.getKey(), 0L), end.getValue() - chunk);
        if (begin < end.getValue()) {
          from.put(end.getKey(), begin);
          to.put(end.getKey(), end.getValue());
        }
      }
      if (to.isEmpty()) {
        break;
      }
      reader.read(
          from,
          to,
          record -> {
            if (filter.test(record)) {
              found.add(record);
            }
          });
      unread.putAll(from);
    }
    found.sort(BY_TIME);
    return List.copyOf(found.subList(Math.max(0, found.size() - count), found.size()));
  }
}
