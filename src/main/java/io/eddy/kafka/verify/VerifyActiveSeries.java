package io.eddy.kafka.verify;

import io.eddy.admission.ActiveSeriesCounter;
import io.eddy.admission.SeriesLimits;
import io.eddy.series.Observation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Replays the number of active series of one partition, and which series have expired. */
final class VerifyActiveSeries {
  private final SeriesLimits limits;
  private final DeadLetterIndex.Partition deadLetters;
  private final boolean isComplete;
  private ActiveSeriesCounter counter;
  private final Map<String, Long> lastSeen = new HashMap<>();

  /**
   * Creates a counter of no series.
   *
   * @param isComplete whether every event of the partition is retained; otherwise the dead letters
   *     decide which series exceeded the limit
   */
  VerifyActiveSeries(
      SeriesLimits limits, DeadLetterIndex.Partition deadLetters, boolean isComplete) {
    this.limits = limits;
    this.deadLetters = deadLetters;
    this.isComplete = isComplete;
    counter = limits.newCounter();
  }

  /** Returns whether the outcome of a series depends on all others. */
  boolean isEnabled() {
    return limits.isCounting();
  }

  boolean isExpired(String series) {
    return limits.isExpiring()
        && counter.isExpired(lastSeen.getOrDefault(series, ActiveSeriesCounter.NEW));
  }

  /** Returns whether an event's series is new and exceeds the limit. */
  boolean isRejected(EventVerifier.ProcessedEvent event) {
    Observation observation = event.observation();
    if (!limits.isCounting() || lastSeen.containsKey(observation.series())) {
      return false;
    }
    return isComplete
        ? counter.isFull()
        : event.found().isEmpty() && deadLetters.contains(event.offset(), observation);
  }

  /** Records an accepted observation. */
  void add(Observation observation) {
    if (limits.isCounting()) {
      String series = observation.series();
      long before = lastSeen.getOrDefault(series, ActiveSeriesCounter.NEW);
      lastSeen.put(series, counter.countEvent(series, observation.timestampMs(), before));
    }
  }

  /** Returns the series that have expired; they stay expired. */
  List<String> expired() {
    return limits.isExpiring()
        ? lastSeen.entrySet().stream()
            .filter(entry -> counter.isExpired(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList()
        : List.of();
  }

  /** Returns the series that are counted. */
  Set<String> series() {
    return lastSeen.keySet();
  }

  /** Moves a series to another partition. The counts of both must be taken again. */
  void moveTo(String series, VerifyActiveSeries other) {
    Long last = lastSeen.remove(series);
    if (last != null && !(limits.isExpiring() && counter.isExpired(last))) {
      other.lastSeen.put(series, last);
    }
  }

  /** Counts all series again. */
  void recount() {
    if (limits.isCounting()) {
      counter = limits.newCounter();
      lastSeen.values().forEach(counter::countStored);
    }
  }

  /** Removes a deleted series. */
  void remove(String series) {
    Long before = lastSeen.remove(series);
    if (before != null) {
      counter.countDeletion(before);
    }
  }
}
