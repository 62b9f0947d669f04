package io.eddy.kafka.history;

import io.eddy.admission.SeriesTimestampGuards;
import io.eddy.admission.TimestampGuard;
import io.eddy.dataset.SeriesCollector;
import io.eddy.dataset.SeriesData;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.ReadResult;
import io.eddy.series.Duplicates;
import io.eddy.series.Observation;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Collects the observations of an events topic by series. Accepts, rejects and deletes as the
 * forecaster does, except that it applies neither the maximum number of series per partition nor
 * the time to live: both bound the forecaster's memory and do not make an observation wrong.
 */
final class EventCollector {
  private static final int MAX_REASONS = 20;
  private static final String OTHER_REASONS = "other reasons";

  private final EventReader reader;
  private final TimestampGuard guard;
  private final SeriesTimestampGuards guards;
  private final Duplicates duplicates;
  private final SeriesCollector observations = new SeriesCollector();
  private final Map<String, Long> rejected = new TreeMap<>();
  private long roundedIntegers;

  EventCollector(EventMapping mapping, StreamPolicies policies) {
    reader = new EventReader(mapping, policies.limits(), policies.nullValues());
    guard = policies.series().timestampGuard();
    guards = new SeriesTimestampGuards(guard);
    duplicates = policies.lateness().duplicates();
  }

  void add(ConsumerRecord<byte[], byte[]> record) {
    ReadResult read = reader.read(record);
    roundedIntegers += reader.takeRoundedIntegers();
    if (read instanceof ReadResult.Deletion deletion) {
      guards.remove(deletion.series());
      observations.remove(deletion.series());
    } else if (read instanceof ReadResult.Rejection rejection) {
      reject(rejection.reason());
    } else if (read instanceof ReadResult.Event event) {
      event.event().refused().values().forEach(this::reject);
      event.event().observations().forEach(this::add);
    }
  }

  private void add(Observation observation) {
    TimestampGuard.Kind kind = guards.next(observation);
    if (kind == TimestampGuard.Kind.REJECTED) {
      reject(guard.rejectionReason());
      return;
    }
    if (kind == TimestampGuard.Kind.RESET) {
      observations.remove(observation.series());
    }
    observations.add(observation);
  }

  private void reject(String reason) {
    boolean isCounted = rejected.containsKey(reason) || rejected.size() < MAX_REASONS;
    rejected.merge(isCounted ? reason : OTHER_REASONS, 1L, Long::sum);
  }

  /** Returns the series by name, so that their order does not depend on the partitions' timing. */
  List<SeriesData> series() {
    return observations.toList(duplicates).stream()
        .sorted(Comparator.comparing(SeriesData::name))
        .toList();
  }

  /** Returns the number of accepted observations, duplicates included. */
  long accepted() {
    return observations.size();
  }

  /** Returns the number of rejected values, or whole records, by reason. */
  Map<String, Long> rejected() {
    return Map.copyOf(rejected);
  }

  /** Returns the number of integers beyond ±2^53 that were rounded to a float64. */
  long roundedIntegers() {
    return roundedIntegers;
  }
}
