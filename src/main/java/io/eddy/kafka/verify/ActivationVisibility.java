package io.eddy.kafka.verify;

import io.eddy.kafka.verify.ActivationTimeline.Progress;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import org.jspecify.annotations.Nullable;

/**
 * Tracks which activations the forecaster had received at each event of a partition, and selects
 * the version that serves the event.
 *
 * <p>The forecasts record the highest known epoch. Within a partition it never decreases, also when
 * another instance takes over, because an instance reads all activations when it starts; a decrease
 * is reported as a difference. For an event without a forecast, the neighbouring forecasts decide.
 */
final class ActivationVisibility {
  private final ActivationTimeline timeline;
  private final DeadLetterIndex.Partition deadLetters;
  private final ForecastsBySource forecasts;
  private final boolean isInPlace;
  private Progress progress = Progress.of(0);

  /**
   * The version that serves an event.
   *
   * @param serving null if the version is no longer on the models topic
   * @param progress the activations received
   * @param knownEpoch the highest epoch that the forecast must record; 0 for any
   * @param pendingEpoch the epoch to which the series' migration is pending; 0 for none
   */
  record Selection(
      @Nullable ServingVersion serving, Progress progress, long knownEpoch, long pendingEpoch) {
    Selection(@Nullable ServingVersion serving, Progress progress, long knownEpoch) {
      this(serving, progress, knownEpoch, 0);
    }

    /**
     * Returns the selection of {@code current} while the migration to {@code target} is pending.
     */
    Selection pending(ServingVersion current, ServingVersion target) {
      return new Selection(current, progress, knownEpoch, target.activation().epoch());
    }
  }

  /**
   * Creates the state before the partition's first event.
   *
   * @param forecasts the forecasts of the following events
   * @param isInPlace whether all activations are known from the start
   */
  ActivationVisibility(
      ActivationTimeline timeline,
      DeadLetterIndex.Partition deadLetters,
      ForecastsBySource forecasts,
      boolean isInPlace) {
    this.timeline = timeline;
    this.deadLetters = deadLetters;
    this.forecasts = forecasts;
    this.isInPlace = isInPlace;
    if (isInPlace) {
      progress = Progress.of(timeline.size());
    }
  }

  /**
   * Returns whether the epoch and version of a forecast are possible from the current progress on.
   */
  boolean mayHaveServed(RecordedForecast found) {
    return timeline.progressOf(found, progress.received(), timeline.size()) != null;
  }

  /** Selects the version for an event by its forecast; null if no version can serve it. */
  @Nullable Selection selectByForecast(RecordedForecast found, Observation event) {
    long knownEpoch = timeline.highestEpoch(progress);
    Progress recorded = timeline.progressOf(found, progress.received(), timeline.size());
    if (recorded != null) {
      progress = recorded;
      knownEpoch = timeline.highestEpoch(recorded);
    } else if (!isInPlace) {
      // Fewer activations are known than at the previous forecast, which is a difference.
      recorded = timeline.progressOf(found, 0, progress.received());
    }
    Progress at = recorded == null ? Progress.of(progress.received()) : recorded;
    return select(at, event, isInPlace ? 0 : knownEpoch);
  }

  private @Nullable Selection select(Progress at, Observation event, long knownEpoch) {
    // If no activation applies yet, or no longer: the first one that does.
    Progress first =
        timeline.activation(at, event) != null ? at : timeline.firstServing(event, at.received());
    return first == null ? null : new Selection(timeline.serving(first, event), first, knownEpoch);
  }

  /** Selects the version for an event with all activations known. */
  @Nullable Selection selectWithAll(Observation event) {
    ServingVersion serving = timeline.serving(Progress.of(timeline.size()), event);
    return serving == null ? null : new Selection(serving, progress, 0);
  }

  /**
   * Selects the version for an event without a forecast; null if the event was dead-lettered
   * because no version served it.
   *
   * @param replay the series before the event; null if none exists
   */
  @Nullable Selection selectWithoutForecast(
      EventVerifier.ProcessedEvent processed, @Nullable SeriesReplay replay) {
    Observation event = processed.lookup();
    long offset = processed.offset();
    if (progress.received() == 0) {
      if (deadLetters.mayContain(offset, event)) {
        return null;
      }
      Progress first = nextRecorded();
      progress = first == null ? progress : first;
    }
    if (timeline.activation(progress, event) == null) {
      Progress first = timeline.firstServing(event, progress.received());
      if (first == null || deadLetters.mayContain(offset, event)) {
        return null;
      }
      progress = first;
    }
    ServingVersion serving = timeline.serving(progress, event);
    if (serving != null && replay != null && replay.closes(processed.observation(), serving)) {
      serving = preferGathering(processed, serving, replay);
    }
    return new Selection(serving, progress, 0);
  }

  /** Returns the progress that the next forecast records; null if it is an earlier one. */
  private @Nullable Progress nextRecorded() {
    return forecasts.peek(1).stream()
        .findFirst()
        .map(next -> timeline.progressOf(next, progress.received(), timeline.size()))
        .orElse(null);
  }

  /**
   * Selects the version for an event that closes a step under {@code serving} but has no forecast.
   * If the next forecast's activations select a version under which the event joins an open step or
   * is too late for a revision, advances to them; otherwise the forecast is lost.
   */
  private ServingVersion preferGathering(
      EventVerifier.ProcessedEvent event, ServingVersion serving, SeriesReplay replay) {
    Progress next = nextRecorded();
    ServingVersion later =
        next == null || next.equals(progress) ? null : timeline.serving(next, event.lookup());
    if (next == null || later == null || replay.closes(event.observation(), later)) {
      return serving;
    }
    progress = next;
    return later;
  }
}
