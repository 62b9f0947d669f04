package io.eddy.cli;

import io.eddy.codec.DecodedEvent;
import io.eddy.codec.EventDecoder;
import io.eddy.codec.EventMapping;
import io.eddy.codec.InvalidRecordException;
import io.eddy.codec.SourcePosition;
import io.eddy.series.Observation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a mapping makes of a sample of events, in the order of the topic. */
final class TopicSample {
  private static final int MOST_REASONS = 20;

  private final EventDecoder decoder;
  private final Map<String, Series> series = new TreeMap<>();
  private final Map<String, Refused> reasons = new HashMap<>();
  private final Map<Long, Long> distances = new HashMap<>();
  private long records;
  private long refused;
  private long observations;
  private long late;
  private long duplicates;
  private long firstMs = Long.MAX_VALUE;
  private long lastMs = Long.MIN_VALUE;

  private static final class Series {
    final Set<Long> times = new HashSet<>();
    long lastMs = Long.MIN_VALUE;
  }

  /** How many values were refused for a reason, and where the first of them stands. */
  record Refused(String why, long count, SourcePosition first) {}

  TopicSample(EventMapping mapping) {
    decoder = new EventDecoder(mapping);
  }

  void add(ConsumerRecord<byte[], byte[]> record) {
    records++;
    try {
      DecodedEvent event = decoder.read(record.key(), record.value(), record.timestamp());
      event.observations().forEach(this::add);
      event.refused().values().forEach(why -> refuse(record, why));
    } catch (InvalidRecordException e) {
      refuse(record, String.valueOf(e.getMessage()));
    }
  }

  /** What a reason says of the record's content, behind what was expected, is left out. */
  private void refuse(ConsumerRecord<byte[], byte[]> record, String why) {
    refused++;
    int got = why.indexOf(", got ");
    String reason = got < 0 ? why.replaceAll("^(no JSON): .*", "$1") : why.substring(0, got);
    if (reasons.containsKey(reason) || reasons.size() < MOST_REASONS) {
      SourcePosition position =
          new SourcePosition(record.topic(), record.partition(), record.offset());
      reasons.merge(
          reason,
          new Refused(reason, 1, position),
          (before, one) -> new Refused(reason, before.count() + 1, before.first()));
    }
  }

  private void add(Observation observation) {
    observations++;
    long time = observation.timestampMs();
    firstMs = Math.min(firstMs, time);
    lastMs = Math.max(lastMs, time);
    Series one = series.computeIfAbsent(observation.series(), name -> new Series());
    if (!one.times.add(time)) {
      duplicates++;
      return;
    }
    if (time < one.lastMs) {
      late++;
      return;
    }
    if (one.lastMs != Long.MIN_VALUE) {

      distances.merge(time - one.lastMs, 1L, Long::sum);
    }
    one.lastMs = time;
  }

  long records() {
    return records;
  }

  long observations() {
    return observations;
  }

  /** Values, or whole records, that would go to the dead letters. */
  long refused() {
    return refused;
  }

  /** Observations of a time before that of one which came earlier. */
  long late() {
    return late;
  }

  /** Observations of a time that their series already had. */
  long duplicates() {
    return duplicates;
  }

  List<String> series() {
    return List.copyOf(series.keySet());
  }

  long firstMs() {
    return firstMs;
  }

  long lastMs() {
    return lastMs;
  }

  /** The most frequent distance between two observations of a series; 0 where there is none. */
  long intervalMs() {
    return distances.entrySet().stream()
        .max(
            Map.Entry.<Long, Long>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .map(Map.Entry::getKey)
        .orElse(0L);
  }

  /** Distances of more than one and a half intervals. */
  long gaps() {
    long interval = intervalMs();
    return distances.entrySet().stream()
        .filter(one -> 2 * one.getKey() > 3 * interval)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Why values were refused, the most frequent first. */
  List<Refused> reasons() {
    return reasons.values().stream()
        .sorted(Comparator.comparingLong(Refused::count).reversed().thenComparing(Refused::why))
        .toList();
  }
}
