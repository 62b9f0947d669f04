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
 * What values and times may be.
 *
 * @param minValue least value
 * @param maxValue largest value
 * @param earliestMs first time, epoch milliseconds
 * @param latestMs last time, epoch milliseconds
 * @param aheadOfRecordMs how far ahead of the record's time it may be; {@code Long.MAX_VALUE} for
 *     any
 */
public record EventLimits(
    double minValue, double maxValue, long earliestMs, long latestMs, long aheadOfRecordMs) {
  /** Whatever an observation can have. */
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

  /** However far ahead of its record. */
  public EventLimits(double minValue, double maxValue, long earliestMs, long latestMs) {
    this(minValue, maxValue, earliestMs, latestMs, Long.MAX_VALUE);
  }

  /**
   * The same event without the values that are beyond; these are refused, each with the reason.
   *
   * @param recordMs the record's time
   */
  public DecodedEvent within(DecodedEvent event, long recordMs) {
    List<Observation> observations = new ArrayList<>(event.observations().size());
    Map<String, String> refused = new LinkedHashMap<>(event.refused());
    for (Observation observation : event.observations()) {
      String why = refusal(observation, recordMs);
      if (why == null) {
        observations.add(observation);
      } else {
        refused.put(observation.series(), why);
      }
    }
    return refused.size() == event.refused().size()
        ? event
        : new DecodedEvent(event.key(), observations, refused);
  }

  private @Nullable String refusal(Observation observation, long recordMs) {
    double value = observation.value();
    long timestampMs = observation.timestampMs();
    if (value < minValue || value > maxValue) {
      return "value: expected %s to %s".formatted(minValue, maxValue);
    }
    if (timestampMs < earliestMs || timestampMs > latestMs) {
      return "timestamp: expected %s to %s".formatted(text(earliestMs), text(latestMs));
    }
    if (aheadOfRecordMs < Long.MAX_VALUE && timestampMs - recordMs > aheadOfRecordMs) {
      return "timestamp: expected at most %s ahead of the record's"
          .formatted(Duration.ofMillis(aheadOfRecordMs));
    }
    return null;
  }

  private static String text(long timestampMs) {
    return timestampMs == Long.MAX_VALUE ? "any" : Instant.ofEpochMilli(timestampMs).toString();
  }
}
