package io.eddy.kafka.check;

import io.eddy.admission.ActiveSeriesCounter;
import io.eddy.admission.SeriesTimestampGuards;
import io.eddy.admission.TimestampGuard;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.ReadResult;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.series.DetectedInterval;
import io.eddy.series.Interval;
import io.eddy.series.IntervalDetector;
import io.eddy.series.Observation;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of a sample of events under a mapping: series, intervals, gaps, late and duplicate
 * observations, and what the forecaster would reject. Records must be added in the order of their
 * offsets.
 */
public final class EventSample {
  private static final int MAX_REASONS = 20;

  private final EventReader reader;
  private final StreamPolicies policies;
  private final SeriesTimestampGuards guards;

  /** Active series by partition; empty if they are not limited. */
  private final Map<Integer, ActiveSeriesCounter> activeSeries = new HashMap<>();

  private final boolean isLimited;
  private final Map<String, Series> series = new TreeMap<>();
  private final Map<String, Rejected> reasons = new HashMap<>();
  private long records;
  private long rejected;
  private long observations;
  private long late;
  private long duplicates;
  private long conflicts;
  private long deletions;
  private long skipped;
  private long roundedIntegers;
  private long firstMs = Long.MAX_VALUE;
  private long lastMs = Long.MIN_VALUE;

  private static final class Series {
    final Map<Long, Double> values = new HashMap<>();
    long lastMs = Long.MIN_VALUE;
    long lastSpan = ActiveSeriesCounter.NEW;

    void clear() {
      values.clear();
      lastMs = Long.MIN_VALUE;
      lastSpan = ActiveSeriesCounter.NEW;
    }
  }

  /**
   * Rejected values, or whole records.
   *
   * @param first position of the first of them
   */
  public record Rejected(String reason, long count, SourcePosition first) {}

  /** Creates an empty sample. */
  public EventSample(EventMapping mapping, StreamPolicies policies) {
    reader = new EventReader(mapping, policies.limits(), policies.nullValues());
    this.policies = policies;
    guards = new SeriesTimestampGuards(policies.series().timestampGuard());
    isLimited = policies.series().isCounting() && !mapping.isRekeyed();
  }

  /** Adds the next record of its partition. */
  public void add(ConsumerRecord<byte[], byte[]> record) {
    records++;
    ReadResult read = reader.read(record);
    roundedIntegers += reader.takeRoundedIntegers();
    if (read instanceof ReadResult.Deletion deletion) {
      deletions++;
      delete(deletion.series(), record.partition());
    } else if (read instanceof ReadResult.Skip) {
      skipped++;
    } else if (read instanceof ReadResult.Rejection rejection) {
      reject(record, rejection.reason());
    } else if (read instanceof ReadResult.Event event) {
      event.event().refused().values().forEach(reason -> reject(record, reason));
      for (Observation observation : event.event().observations()) {
        String reason = admit(record.partition(), observation);
        if (reason == null) {
          count(observation);
        } else {
          reject(record, reason);
        }
      }
    }
  }

  /** Admits an observation as the forecaster does; returns the reason if it is rejected. */
  private @Nullable String admit(int partition, Observation observation) {
    String name = observation.series();
    ActiveSeriesCounter active = isLimited ? activeSeries(partition) : null;
    if (active != null && active.isExpired(lastSpan(name))) {
      delete(name, partition);
    }
    if (active != null && lastSpan(name) == ActiveSeriesCounter.NEW && active.isFull()) {
      return policies.series().fullReason();
    }
    TimestampGuard.Kind kind = guards.next(observation);
    if (kind == TimestampGuard.Kind.REJECTED) {
      return policies.series().timestampGuard().rejectionReason();
    }
    if (kind == TimestampGuard.Kind.RESET) {
      restart(name, partition);
    }
    Series admitted = series.computeIfAbsent(name, absent -> new Series());
    if (active != null) {
      admitted.lastSpan = active.countEvent(name, observation.timestampMs(), admitted.lastSpan);
    }
    return null;
  }

  private ActiveSeriesCounter activeSeries(int partition) {
    return activeSeries.computeIfAbsent(partition, absent -> policies.series().newCounter());
  }

  private long lastSpan(String name) {
    Series known = series.get(name);
    return known == null ? ActiveSeriesCounter.NEW : known.lastSpan;
  }

  private void delete(String name, int partition) {
    guards.remove(name);
    restart(name, partition);
  }

  private void restart(String name, int partition) {
    Series known = series.get(name);
    if (known == null) {
      return;
    }
    if (isLimited && known.lastSpan != ActiveSeriesCounter.NEW) {
      activeSeries(partition).countDeletion(known.lastSpan);
    }
    known.clear();
  }

  private void reject(ConsumerRecord<byte[], byte[]> record, String reason) {
    rejected++;
    if (reasons.containsKey(reason) || reasons.size() < MAX_REASONS) {
      SourcePosition position =
          new SourcePosition(record.topic(), record.partition(), record.offset());
      reasons.merge(
          reason,
          new Rejected(reason, 1, position),
          (known, added) -> new Rejected(reason, known.count() + 1, known.first()));
    }
  }

  private void count(Observation observation) {
    observations++;
    long timestampMs = observation.timestampMs();
    firstMs = Math.min(firstMs, timestampMs);
    lastMs = Math.max(lastMs, timestampMs);
    Series known = series.computeIfAbsent(observation.series(), absent -> new Series());
    Double former = known.values.putIfAbsent(timestampMs, observation.value());
    if (former != null) {
      duplicates++;
      conflicts += former == observation.value() ? 0 : 1;
      return;
    }
    if (timestampMs < known.lastMs) {
      late++;
      return;
    }
    known.lastMs = timestampMs;
  }

  /** Returns the number of records. */
  public long records() {
    return records;
  }

  /** Returns the number of accepted observations. */
  public long observations() {
    return observations;
  }

  /** Returns the number of values, or whole records, that would go to the dead-letter topic. */
  public long rejected() {
    return rejected;
  }

  /** Returns the number of records that delete their series. */
  public long deletions() {
    return deletions;
  }

  /** Returns the number of records that are skipped: deleted rows and null values. */
  public long skipped() {
    return skipped;
  }

  /** Returns the number of integers beyond ±2^53 that are rounded to a float64. */
  public long roundedIntegers() {
    return roundedIntegers;
  }

  /** Returns the number of observations that are older than an earlier one of their series. */
  public long late() {
    return late;
  }

  /** Returns the number of observations whose series already has one of the same time. */
  public long duplicates() {
    return duplicates;
  }

  /** Returns the number of duplicates whose value differs from the first one's. */
  public long conflicts() {
    return conflicts;
  }

  /** Returns whether most events are rejected, or none is readable. */
  public boolean isMostlyRejected() {
    return observations == 0 || rejected > observations;
  }

  /** Returns the names of the series, sorted. */
  public List<String> series() {
    return List.copyOf(series.keySet());
  }

  /** Returns the earliest timestamp, in epoch milliseconds. */
  public long firstMs() {
    return firstMs;
  }

  /** Returns the latest timestamp, in epoch milliseconds. */
  public long lastMs() {
    return lastMs;
  }

  /**
   * Detects the interval between the observations of a series.
   *
   * @param zone in which days and months start
   */
  public DetectedInterval interval(ZoneId zone) {
    return IntervalDetector.of(times()).detect(zone);
  }

  /** Returns how often steps of an interval are missing between two observations of a series. */
  public long gaps(Interval interval) {
    return times().mapToLong(times -> gaps(times, interval)).sum();
  }

  private static long gaps(long[] times, Interval interval) {
    return IntStream.range(1, times.length)
        .filter(i -> interval.stepOf(times[i]) - interval.stepOf(times[i - 1]) > 1)
        .count();
  }

  private Stream<long[]> times() {
    return series.values().stream()
        .map(s -> s.values.keySet().stream().mapToLong(Long::longValue).sorted().toArray());
  }

  /** Returns the reasons of rejections, the most frequent first. */
  public List<Rejected> reasons() {
    return reasons.values().stream()
        .sorted(
            Comparator.comparingLong(Rejected::count).reversed().thenComparing(Rejected::reason))
        .toList();
  }
}
