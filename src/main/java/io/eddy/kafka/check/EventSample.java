package io.eddy.kafka.check;

import io.eddy.admission.ActiveSeriesCounter;
import io.eddy.admission.DecodedEvent;
import io.eddy.admission.SeriesTimestampGuards;
import io.eddy.admission.TimestampGuard;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.event.EventDecoder;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What a mapping makes of a sample of events, in the order of the topic. */
public final class EventSample {
  private static final int MOST_REASONS = 20;

  private final EventDecoder decoder;
  private final StreamPolicies policies;
  private final SeriesTimestampGuards clocks;

  /** Counts of series by partition; none where their names give no partition. */
  private final Map<Integer, ActiveSeriesCounter> censuses = new HashMap<>();

  private final Map<String, Long> heard = new HashMap<>();
  private final boolean areCounted;
  private final Map<String, Series> series = new TreeMap<>();
  private final Map<String, Refused> reasons = new HashMap<>();
  private final Map<Long, Long> distances = new HashMap<>();
  private long records;
  private long refused;
  private long observations;
  private long late;
  private long duplicates;
  private long deletions;
  private long firstMs = Long.MAX_VALUE;
  private long lastMs = Long.MIN_VALUE;

  private static final class Series {
    final Set<Long> times = new HashSet<>();
    long lastMs = Long.MIN_VALUE;
  }

  /** How many values were refused for a reason, and where the first of them stands. */
  public record Refused(String why, long count, SourcePosition first) {}

  /**
   * Of nothing.
   *
   * @param policies that decide, beside the mapping, what would go to the dead letters
   */
  public EventSample(EventMapping mapping, StreamPolicies policies) {
    decoder = new EventDecoder(mapping);
    this.policies = policies;
    clocks = new SeriesTimestampGuards(policies.series().clock());
    areCounted = policies.series().areCounted() && mapping.key().isOfRecord();
  }

  public void add(ConsumerRecord<byte[], byte[]> record) {
    records++;
    try {
      if (record.value() == null && policies.nullDeletes()) {
        decoder.series(record.key());
        deletions++;
        return;
      }
      DecodedEvent event =
          policies
              .limits()
              .within(
                  decoder.read(record.key(), record.value(), record.timestamp()),
                  record.timestamp());
      event.refused().values().forEach(why -> refuse(record, why));
      for (Observation observation : event.observations()) {
        String why = refusal(record.partition(), observation);
        if (why == null) {
          add(observation);
        } else {
          refuse(record, why);
        }
      }
    } catch (InvalidRecordException e) {
      refuse(record, e.reason());
    } catch (StackOverflowError e) {
      refuse(record, "reading it failed");
    }
  }

  /** Why the stream would put an observation aside; null where it would not. */
  private @Nullable String refusal(int partition, Observation observation) {
    String series = observation.series();
    ActiveSeriesCounter census =
        areCounted
            ? censuses.computeIfAbsent(partition, number -> policies.series().census())
            : null;
    long before = heard.getOrDefault(series, ActiveSeriesCounter.NEW);
    if (census != null && census.isOver(before)) {
      census.gone(before);
      heard.remove(series);
      before = ActiveSeriesCounter.NEW;
    }
    if (census != null && before == ActiveSeriesCounter.NEW && census.isFull()) {
      return policies.series().full();
    }
    if (clocks.next(observation) == TimestampGuard.Kind.DOUBTED) {
      return policies.series().clock().doubt();
    }
    if (census != null) {
      heard.put(series, census.heard(series, observation.timestampMs(), before));
    }
    return null;
  }

  private void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
    refused++;
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

  public long records() {
    return records;
  }

  public long observations() {
    return observations;
  }

  /** Values, or whole records, that would go to the dead letters. */
  public long refused() {
    return refused;
  }

  /** Events without a value, which delete their series. */
  public long deletions() {
    return deletions;
  }

  /** Observations of a time before that of one which came earlier. */
  public long late() {
    return late;
  }

  /** Observations of a time that their series already had. */
  public long duplicates() {
    return duplicates;
  }

  public List<String> series() {
    return List.copyOf(series.keySet());
  }

  public long firstMs() {
    return firstMs;
  }

  public long lastMs() {
    return lastMs;
  }

  /** The most frequent distance between two observations of a series; 0 where there is none. */
  public long intervalMs() {
    return distances.entrySet().stream()
        .max(
            Map.Entry.<Long, Long>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .map(Map.Entry::getKey)
        .orElse(0L);
  }

  /** Distances of more than one and a half intervals. */
  public long gaps() {
    long interval = intervalMs();
    return distances.entrySet().stream()
        .filter(one -> 2 * one.getKey() > 3 * interval)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Why values were refused, the most frequent first. */
  public List<Refused> reasons() {
    return reasons.values().stream()
        .sorted(Comparator.comparingLong(Refused::count).reversed().thenComparing(Refused::why))
        .toList();
  }
}
