package io.eddy.kafka.verify;

import io.eddy.admission.ActiveSeriesCounter;
import io.eddy.admission.SeriesLimits;
import io.eddy.series.Observation;
import java.util.HashMap;
import java.util.Map;

/** How many series of a partition are there, and which are over, as an audit follows them. */
final class VerifyActiveSeries {
  private final SeriesLimits limits;
  private final ActivationVisibility.Dead dead;
  private final boolean isWhole;
  private final ActiveSeriesCounter census;
  private final Map<String, Long> seen = new HashMap<>();

  /**
   * Of no series.
   *
   * @param isWhole whether every event of the partition is kept; else the dead letters tell which
   *     series found no place
   */
  VerifyActiveSeries(SeriesLimits limits, ActivationVisibility.Dead dead, boolean isWhole) {
    this.limits = limits;
    this.dead = dead;
    this.isWhole = isWhole;
    census = limits.census();
  }

  /** Whether what becomes of a series depends on all others. */
  boolean isFollowed() {
    return limits.areCounted();
  }

  boolean isOver(String series) {
    return limits.areTimed() && census.isOver(seen.getOrDefault(series, ActiveSeriesCounter.NEW));
  }

  /** Whether an event's series is new and finds no place. */
  boolean refuses(EventVerifier.Processed event) {
    Observation observation = event.observation();
    if (!limits.areCounted() || seen.containsKey(observation.series())) {
      return false;
    }
    return isWhole
        ? census.isFull()
        : event.found().isEmpty() && dead.contains(event.offset(), observation);
  }

  /** Takes an observation that acted. */
  void heard(Observation observation) {
    if (limits.areCounted()) {
      String series = observation.series();
      long before = seen.getOrDefault(series, ActiveSeriesCounter.NEW);
      seen.put(series, census.heard(series, observation.timestampMs(), before));
    }
  }

  /** Takes a series that is no longer there. */
  void gone(String series) {
    Long before = seen.remove(series);
    if (before != null) {
      census.gone(before);
    }
  }
}
