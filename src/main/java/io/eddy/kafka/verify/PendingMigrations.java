package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import org.jspecify.annotations.Nullable;

/**
 * Replays series whose migration is pending. How long a migration is pending depends on the cost of
 * other series' migrations, which a replay does not know, so the forecasts decide. Whether the
 * migration may be pending, and which version serves meanwhile, is computed.
 */
final class PendingMigrations {
  private final ActivationTimeline timeline;
  private final ForecastsBySource forecasts;

  /**
   * Creates the rule for one partition.
   *
   * @param forecasts the forecasts of the following events
   */
  PendingMigrations(ActivationTimeline timeline, ForecastsBySource forecasts) {
    this.timeline = timeline;
    this.forecasts = forecasts;
  }

  /**
   * Returns the version that served an event: the selected one, or the previous one while the
   * migration to it is pending.
   *
   * @param selection the version selected by the activations
   * @param replay the series before the event; null if none exists
   * @param isComplete whether no earlier event of the series can have been deleted
   */
  ActivationVisibility.Selection apply(
      EventVerifier.ProcessedEvent event,
      ActivationVisibility.Selection selection,
      @Nullable SeriesReplay replay,
      boolean isComplete) {
    ServingVersion target = selection.serving();
    if (target == null || (replay == null && isComplete)) {
      return selection;
    }
    RecordedForecast pending = pendingForecast(event, target.activation().epoch());
    ServingVersion current = currentVersion(event, selection, replay, pending);
    if (current == null) {
      return selection;
    }
    boolean isPending =
        pending != null || (event.found().isEmpty() && isStillPending(event, replay, current));
    return isPending ? selection.pending(current, target) : selection;
  }

  /** Returns the event's forecast that records a pending migration to {@code epoch}, or null. */
  private static @Nullable RecordedForecast pendingForecast(
      EventVerifier.ProcessedEvent event, long epoch) {
    for (RecordedForecast found : event.found()) {
      if (found.published().known().pendingEpoch() == epoch) {
        return found;
      }
    }
    return null;
  }

  /** Returns the version before the migration; null if it may not be pending or is unknown. */
  private @Nullable ServingVersion currentVersion(
      EventVerifier.ProcessedEvent event,
      ActivationVisibility.Selection selection,
      @Nullable SeriesReplay replay,
      @Nullable RecordedForecast pending) {
    Forecast.Served current = replay == null ? null : replay.served();
    Long lastStepMs = replay == null ? null : replay.lastStepMs();
    if (current == null || lastStepMs == null) {
      if (pending == null || (replay != null && replay.isExact())) {
        return null;
      }
      // The earlier events are deleted: trust the forecast.
      Forecast.Origin origin = pending.forecast().origin();
      current = pending.served();
      lastStepMs = origin.interval().plusSteps(origin.timestampMs(), -1);
    }
    return timeline.pendingVersion(selection, event.lookup(), current, lastStepMs);
  }

  /**
   * Returns whether the migration is still pending at an event without a forecast. Migrating while
   * the step is open or when it closes gives the same state. If the forecast was lost, the next
   * forecast of the series decides.
   */
  private boolean isStillPending(
      EventVerifier.ProcessedEvent event, @Nullable SeriesReplay replay, ServingVersion current) {
    Observation observation = event.observation();
    if (replay == null) {
      return false;
    }
    return !replay.closes(observation, current)
        || forecasts.peek(Integer.MAX_VALUE).stream()
            .filter(next -> next.series().equals(observation.series()))
            .findFirst()
            .map(next -> next.published().known().pendingEpoch() > 0)
            .orElse(false);
  }
}
