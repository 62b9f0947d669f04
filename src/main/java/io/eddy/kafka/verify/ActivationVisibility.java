package io.eddy.kafka.verify;

import io.eddy.kafka.verify.ActivationTimeline.Point;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What the forecaster knew of activations when it processed an event, and so what had to serve it.
 *
 * <p>Its forecasts tell. In a partition ever more has to be known, also where another instance goes
 * on with it, which read all activations when it started; one that knows less is told of. Where an
 * event gave no forecast, what the one before it and the one behind it tell has to do.
 */
final class ActivationVisibility {
  private final ActivationTimeline timeline;
  private final Dead dead;
  private final ForecastsBySource ahead;
  private final boolean isInPlace;
  private Point point = Point.of(0);

  /** The dead letters of the partition. */
  record Dead(DeadLetterIndex events, int partition) {
    boolean mayContain(long offset, Observation event) {
      return events.mayContain(partition, offset, event.series());
    }

    boolean contains(long offset, Observation event) {
      return events.contains(partition, offset, event.series());
    }
  }

  /**
   * What served an event, and when in what its forecaster came to know.
   *
   * @param serving null where its version is no longer kept
   * @param knownEpoch the highest epoch that had to be known; 0 for any
   * @param awaitedEpoch the one that the series had to wait for; 0 for none
   */
  record Served(@Nullable ServingVersion serving, Point point, long knownEpoch, long awaitedEpoch) {
    Served(@Nullable ServingVersion serving, Point point, long knownEpoch) {
      this(serving, point, knownEpoch, 0);
    }

    /** The same for a series that waits for what was to serve it. */
    Served waitingWith(ServingVersion now, ServingVersion due) {
      return new Served(now, point, knownEpoch, due.activation().epoch());
    }
  }

  /**
   * Nothing known yet.
   *
   * @param ahead the forecasts of the events to come
   * @param isInPlace whether all activations are known from the start
   */
  ActivationVisibility(
      ActivationTimeline timeline, Dead dead, ForecastsBySource ahead, boolean isInPlace) {
    this.timeline = timeline;
    this.dead = dead;
    this.ahead = ahead;
    this.isInPlace = isInPlace;
    if (isInPlace) {
      point = Point.of(timeline.size());
    }
  }

  /** Whether what a forecast names may have served. */
  boolean mayHaveServed(RecordedForecast found) {
    return timeline.pointOf(found, point.arrived(), timeline.size()) != null;
  }

  /** What has to serve an event, after what its forecast tells; null where nothing can. */
  @Nullable Served followed(RecordedForecast lead, Observation event) {
    long knownEpoch = timeline.highestEpoch(point);
    Point told = timeline.pointOf(lead, point.arrived(), timeline.size());
    if (told != null) {
      point = told;
      knownEpoch = timeline.highestEpoch(told);
    } else if (!isInPlace) {
      // An instance that knows less than the one before it: told of, and its word is taken.
      told = timeline.pointOf(lead, 0, point.arrived());
    }
    Point at = told == null ? Point.of(point.arrived()) : told;
    return served(at, event, isInPlace ? 0 : knownEpoch);
  }

  private @Nullable Served served(Point at, Observation event, long knownEpoch) {
    // Where nothing serves yet, or no longer: whatever does first.
    Point first =
        timeline.activation(at, event) != null ? at : timeline.pointOfAny(event, at.arrived());
    return first == null ? null : new Served(timeline.serving(first, event), first, knownEpoch);
  }

  /** What serves an event once all are known. */
  @Nullable Served last(Observation event) {
    ServingVersion serving = timeline.serving(Point.of(timeline.size()), event);
    return serving == null ? null : new Served(serving, point, 0);
  }

  /**
   * What serves an event without a forecast, as far as it can be told; null where it went to the
   * dead letters since nothing did.
   *
   * @param replay of its series; null where it is the first of it
   */
  @Nullable Served assumed(Observation event, long offset, @Nullable SeriesReplay replay) {
    if (point.arrived() == 0) {
      if (dead.mayContain(offset, event)) {
        return null;
      }
      Point first = next();
      point = first == null ? point : first;
    }
    if (timeline.activation(point, event) == null) {
      Point first = timeline.pointOfAny(event, point.arrived());
      if (first == null || dead.mayContain(offset, event)) {
        return null;
      }
      point = first;
    }
    ServingVersion serving = timeline.serving(point, event);
    if (serving != null && replay != null && replay.closes(event, serving)) {
      serving = gathering(event, serving, replay);
    }
    return new Served(serving, point, 0);
  }

  /** The point that the next forecast tells of, where that is not an earlier one. */
  private @Nullable Point next() {
    return ahead.next(1).stream()
        .findFirst()
        .map(next -> timeline.pointOf(next, point.arrived(), timeline.size()))
        .orElse(null);
  }

  /**
   * What serves an event that should have given a forecast: unless what was known by the next one
   * gathers it instead, {@code serving} does, and the forecast is lost.
   */
  private ServingVersion gathering(Observation event, ServingVersion serving, SeriesReplay replay) {
    Point next = next();
    ServingVersion later =
        next == null || next.equals(point) ? null : timeline.serving(next, event);
    if (next == null || later == null || replay.closes(event, later)) {
      return serving;
    }
    point = next;
    return later;
  }
}
