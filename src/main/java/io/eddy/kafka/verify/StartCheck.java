package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.rollout.ServingVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides whether a replay that began at a chosen event, not at the first one, gives the same
 * result as a replay of all events: if the state of every series was known before its first
 * forecast to compare, and nothing differs. The state is known if the stream rebuilt it from steps
 * that were all replayed, or if the series began later, which its first forecast tells by the
 * number of steps that it knew.
 */
final class StartCheck {
  private final boolean isLater;
  private final PartitionReport report;
  private final DeadLetterIndex.Partition deadLetters;

  /** Series with an event to compare at which their state was unknown. */
  private final Set<String> unknown = new HashSet<>();

  private final Set<String> begun = new HashSet<>();
  private boolean isInconclusive;

  /**
   * Creates a check.
   *
   * @param isLater whether the replay began at a chosen event
   */
  StartCheck(boolean isLater, PartitionReport report, DeadLetterIndex.Partition deadLetters) {
    this.isLater = isLater;
    this.report = report;
    this.deadLetters = deadLetters;
  }

  /** Marks the state as known if the event's forecast is one of the first of its series. */
  void confirmBegin(
      EventVerifier.ProcessedEvent event, SeriesReplay replay, ServingVersion serving) {
    if (!isLater || replay.isExact() || event.found().isEmpty()) {
      return;
    }
    List<Forecast> expected = replay.forecasts(event.observation(), serving);
    Forecast.Origin found = event.found().get(0).forecast().origin();
    if (!expected.isEmpty() && isBegin(found, expected.get(0).origin())) {
      replay.confirmBegin();
      begun.add(event.observation().series());
    }
  }

  private static boolean isBegin(Forecast.Origin found, Forecast.Origin expected) {
    ForecastQuality quality = found.quality();
    return quality.revision() == 0
        && quality.warmSteps() < quality.contextSteps()
        && quality.equals(expected.quality())
        && found.timestampMs() == expected.timestampMs()
        && found.interval().equals(expected.interval());
  }

  /** Returns whether an event produces a forecast by the steps that were replayed. */
  boolean closes(EventVerifier.ProcessedEvent event, SeriesReplay replay, ServingVersion serving) {
    return isLater && replay.closes(event.observation(), serving);
  }

  /**
   * Notes an event that was replayed.
   *
   * @param isKnown whether the state is known after it
   * @param closes whether it produces a forecast
   */
  void applied(EventVerifier.ProcessedEvent event, boolean isKnown, boolean closes) {
    String series = event.observation().series();
    if (!isLater || !report.contains(event.observation())) {
      return;
    }
    if (isKnown && begun.contains(series)) {
      unknown.remove(series);
    } else if (!isKnown && event.found().isEmpty() && !closes) {
      unknown.add(series);
    } else {
      isInconclusive |= !isKnown;
    }
  }

  /** Notes an event that the replay rejects. */
  void rejected(EventVerifier.ProcessedEvent event) {
    isInconclusive |=
        isLater
            && report.contains(event.observation())
            && !deadLetters.contains(event.offset(), event.observation());
  }

  /** Returns whether the replay cannot tell anything, and need not continue. */
  boolean isInconclusive() {
    return isLater && (isInconclusive || report.hasFaults());
  }

  /** Returns whether the replay, at its end, gives the result of a replay of all events. */
  boolean isConclusive() {
    return !isInconclusive() && unknown.isEmpty();
  }

  /** Returns the number of series that were taken to begin after the first event read. */
  long begun() {
    return begun.size();
  }
}
