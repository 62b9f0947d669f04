package io.eddy.admission;

import io.eddy.series.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits for the values and timestamps of events.
 *
 * @param minValue minimum value
 * @param maxValue maximum value
 * @param earliestMs earliest timestamp, epoch milliseconds
 * @param latestMs latest timestamp, epoch milliseconds
 * @param aheadOfRecordMs how far a timestamp may be ahead of the record's; {@code Long.MAX_VALUE}
 *     for no limit
 */
public record EventLimits(
    double minValue, double maxValue, long earliestMs, long latestMs, long aheadOfRecordMs) {
  /** Accepts every observation. */
  public static final EventLimits NONE =
      new EventLimits(-Observation.MAX_VALUE, Observation.MAX_VALUE, 0, Long.MAX_VALUE);

  public EventLimits {
    if (!(minValue <= maxValue)) {
      throw new IllegalArgumentException(
          "min-value, max-value: expected the first to be at most the second, got %s and %s"
              .formatted(minValue, maxValue));
    }
    if (earliestMs > latestMs) {
      throw new IllegalArgumentException(
          "earliest, latest: expected the first to be at most the second, got %s and %s"
              .formatted(Instant.ofEpochMilli(earliestMs), Instant.ofEpochMilli(latestMs)));
    }
    if (aheadOfRecordMs < 0) {
      throw new IllegalArgumentException(
          "max-ahead-of-record: expected zero or more, got " + Duration.ofMillis(aheadOfRecordMs));
    }
  }

  /** Creates limits without a limit ahead of the record. */
  public EventLimits(double minValue, double maxValue, long earliestMs, long latestMs) {
    this(minValue, maxValue, earliestMs, latestMs, Long.MAX_VALUE);
  }

  /**
   * Returns the event without the values beyond the limits, which are rejected with a reason.
   *
   * @param recordMs timestamp of the record, epoch milliseconds
   */
  public DecodedEvent within(DecodedEvent event, long recordMs) {
    List<Observation> observations = new ArrayList<>(event.observations().size());
    Map<String, String> refused = new LinkedHashMap<>(event.refused());
    for (Observation observation : event.observations()) {
      String reason = rejection(observation, recordMs);
      if (reason == null) {
        observations.add(observation);
      } else {
        refused.put(observation.series(), reason);
      }
    }
    return observations.size() == event.observations().size()
        ? event
        : new DecodedEvent(event.key(), observations, refused);
  }

  private @Nullable String rejection(Observation observation, long recordMs) {
    double value = observation.value();
    long timestampMs = observation.timestampMs();
    if (value < minValue || value > maxValue) {
      return "value: expected %s to %s".formatted(minValue, maxValue);
    }
    if (timestampMs < earliestMs || timestampMs > latestMs) {
      return "timestamp: expected %s to %s".formatted(describe(earliestMs), describe(latestMs));
    }
    if (aheadOfRecordMs < Long.MAX_VALUE && timestampMs - recordMs > aheadOfRecordMs) {
      return "timestamp: expected at most %s ahead of the record's"
          .formatted(Duration.ofMillis(aheadOfRecordMs));
    }
    return null;
  }

  private static String describe(long timestampMs) {
    return timestampMs == Long.MAX_VALUE ? "any" : Instant.ofEpochMilli(timestampMs).toString();
  }
}
