package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import org.jspecify.annotations.Nullable;

/**
 * Follows series that wait before they move to what is to serve them at once. How long they do is
 * up to what the moves of others cost, which no replay knows; that they may, and with what they
 * wait, has to follow from what was known.
 */
final class PendingMigrations {
  private final ActivationTimeline timeline;
  private final ForecastsBySource ahead;

  /**
   * Over one partition.
   *
   * @param ahead the forecasts of the events to come
   */
  PendingMigrations(ActivationTimeline timeline, ForecastsBySource ahead) {
    this.timeline = timeline;
    this.ahead = ahead;
  }

  /**
   * What served an event: what was to serve it, or what its series waited with.
   *
   * @param served what was to serve it
   * @param replay of its series before the event; null where it is the first of it
   * @param isWhole whether no earlier event of the series can have been deleted
   */
  ActivationVisibility.Served followed(
      EventVerifier.Processed event,
      ActivationVisibility.Served served,
      @Nullable SeriesReplay replay,
      boolean isWhole) {
    ServingVersion due = served.serving();
    if (due == null || (replay == null && isWhole)) {
      return served;
    }
    RecordedForecast claim = claim(event, due.activation().epoch());
    ServingVersion now = now(event, served, replay, claim);
    if (now == null) {
      return served;
    }
    boolean waits = claim != null || (event.found().isEmpty() && staysAt(event, replay, now));
    return waits ? served.waitingWith(now, due) : served;
  }

  /** The forecast of an event that says that its series waits for that epoch. */
  private static @Nullable RecordedForecast claim(EventVerifier.Processed event, long epoch) {
    for (RecordedForecast one : event.found()) {
      if (one.published().known().pendingEpoch() == epoch) {
        return one;
      }
    }
    return null;
  }

  /** What the series may wait with; null where it may not, or where that is not known. */
  private @Nullable ServingVersion now(
      EventVerifier.Processed event,
      ActivationVisibility.Served served,
      @Nullable SeriesReplay replay,
      @Nullable RecordedForecast claim) {
    Forecast.Served belongsTo = replay == null ? null : replay.served();
    Long beforeMs = replay == null ? null : replay.lastStepMs();
    if (belongsTo == null || beforeMs == null) {
      if (claim == null || (replay != null && replay.isExact())) {
        return null;
      }
      // What went before is not known: its word is taken.
      Forecast.Origin origin = claim.forecast().origin();
      belongsTo = claim.served();
      beforeMs = origin.timestampMs() - origin.intervalMs();
    }
    return timeline.waiting(served, event.asked(), belongsTo, beforeMs);
  }

  /**
   * Whether a series stays where an event gave no forecast: whether it moves when it gathers a
   * value or when it closes the step makes no difference, and where a forecast was lost the next
   * one tells.
   */
  private boolean staysAt(
      EventVerifier.Processed event, @Nullable SeriesReplay replay, ServingVersion now) {
    Observation observation = event.observation();
    if (replay == null) {
      return false;
    }
    return !replay.closes(observation, now)
        || ahead.next(Integer.MAX_VALUE).stream()
            .filter(next -> next.series().equals(observation.series()))
            .findFirst()
            .map(next -> next.published().known().pendingEpoch() > 0)
            .orElse(false);
  }
}
