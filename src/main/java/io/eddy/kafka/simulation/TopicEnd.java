package io.eddy.kafka.simulation;

import io.eddy.admission.EventLimits;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.NullValues;
import io.eddy.kafka.event.ReadResult;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.series.Observation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** The last events of an events topic: the last time of each series, and their interval. */
public final class TopicEnd {
  /** Number of records read per partition. */
  private static final long RECORDS = 20_000;

  private final Map<String, Long> lastMs = new HashMap<>();
  private final Map<Long, Integer> intervals = new HashMap<>();

  private TopicEnd() {}

  /**
   * Reads the last records of every partition.
   *
   * @param client Kafka client settings, including {@code bootstrap.servers}
   */
  public static TopicEnd read(Map<String, Object> client, String topic, EventMapping mapping) {
    TopicReader reader = new TopicReader(client);
    Map<TopicPartition, Long> ends = reader.endOffsets(topic);
    Map<TopicPartition, Long> begins = new HashMap<>(reader.beginningOffsets(topic));
    begins.replaceAll(
        (partition, begin) -> Math.max(begin, ends.getOrDefault(partition, 0L) - RECORDS));
    EventReader events = new EventReader(mapping, EventLimits.NONE, NullValues.SKIP);
    TopicEnd end = new TopicEnd();
    reader.read(
        begins,
        ends,
        record -> {
          if (events.read(record) instanceof ReadResult.Event event) {
            event.event().observations().forEach(end::add);
          }
        });
    return end;
  }

  private void add(Observation observation) {
    long timeMs = observation.timestampMs();
    Long before = lastMs.get(observation.series());
    if (before == null || timeMs > before) {
      lastMs.put(observation.series(), timeMs);
      if (before != null) {
        intervals.merge(timeMs - before, 1, Integer::sum);
      }
    }
  }

  /** Returns the latest time of any series, epoch milliseconds; empty if there are no events. */
  public OptionalLong lastMs() {
    return lastMs.values().stream().mapToLong(Long::longValue).max();
  }

  /** Returns the most frequent interval between two events of a series, in milliseconds. */
  public OptionalLong intervalMs() {
    return intervals.entrySet().stream()
        .max(
            Map.Entry.<Long, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .map(Map.Entry::getKey)
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** Returns the names of the series that begin with a prefix. */
  public Set<String> series(String prefix) {
    return lastMs.keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .collect(Collectors.toSet());
  }

  /** Returns whether the topic's end has an event of the series at this time or later. */
  boolean contains(Observation observation) {
    Long last = lastMs.get(observation.series());
    return last != null && observation.timestampMs() <= last;
  }
}
