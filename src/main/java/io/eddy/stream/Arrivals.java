package io.eddy.stream;

import io.eddy.series.Observation;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many activations had arrived when the forecaster processed an event, and so what had to serve
 * it.
 *
 * <p>That is written nowhere but in the forecasts: an epoch that serves shows that it, and all
 * before it, had arrived. They never go away again, and whatever had arrived decides, by an event's
 * time, what has to serve it.
 */
final class Arrivals {
  /** Forecasts that bear an arrival out, so that one wrong epoch does not pass for one. */
  private static final int WITNESSES = 3;

  private final ActivationTimeline timeline;
  private final Dead dead;
  private final ForecastsAhead ahead;
  private int count;

  /** The dead letters of the partition. */
  record Dead(DeadEvents events, int partition) {
    boolean mayContain(long offset) {
      return events.mayContain(partition, offset);
    }
  }

  /**
   * None yet.
   *
   * @param ahead the forecasts of the events to come
   */
  Arrivals(ActivationTimeline timeline, Dead dead, ForecastsAhead ahead) {
    this.timeline = timeline;
    this.dead = dead;
    this.ahead = ahead;
  }

  int count() {
    return count;
  }

  /** All are there. */
  void all() {
    count = timeline.size();
  }

  /** Whether what a forecast names may have served an event of that time. */
  boolean mayHaveServed(FoundForecast found, long timestampMs) {
    return timeline.arrivalsFor(found.served(), timestampMs, count) >= 0;
  }

  /**
   * What has to serve an event, after what its forecast says of arrivals; null where nothing can.
   */
  ServingModels.@Nullable Serving followed(FoundForecast lead, long timestampMs) {
    int least = timeline.arrivalsFor(lead.served(), timestampMs, count);
    if (least > count && isBorneOut(least)) {
      count = least;
    }
    ServingModels.Serving serving = timeline.serving(count, timestampMs);
    return serving == null ? first(timestampMs) : serving;
  }

  private boolean isBorneOut(int least) {
    List<FoundForecast> next = ahead.next(WITNESSES);
    return next.isEmpty()
        || next.stream()
            .anyMatch(one -> timeline.arrivalsFor(one.served(), one.timestampMs(), least) >= 0);
  }

  /** What serves events of that time once anything does. */
  private ServingModels.@Nullable Serving first(long timestampMs) {
    int arrivals = timeline.arrivalsForAny(timestampMs, count);
    return arrivals < 0 ? null : timeline.serving(arrivals, timestampMs);
  }

  /** What serves events of that time once all are there. */
  ServingModels.@Nullable Serving last(long timestampMs) {
    return timeline.serving(timeline.size(), timestampMs);
  }

  /** Whether a higher epoch is effective from an event time on, and came after the event. */
  boolean areLate(ServingModels.Serving serving, long timestampMs) {
    if (count == timeline.size()) {
      return false;
    }
    ServingModels.Serving last = last(timestampMs);
    return last != null
        && last.activation().epoch() > serving.activation().epoch()
        && last.activation().effectiveFromMs() != null;
  }

  /**
   * What serves an event without a forecast, as far as it can be told; null where it went to the
   * dead letters since nothing did.
   *
   * @param replay of its series; null where it is the first of it
   */
  ServingModels.@Nullable Serving assumed(
      Observation observation, long offset, @Nullable SeriesReplay replay) {
    long timestampMs = observation.timestampMs();
    if (count == 0) {
      if (dead.mayContain(offset)) {
        return null;
      }
      count = atFirstForecast();
    }
    ServingModels.Serving serving = timeline.serving(count, timestampMs);
    if (serving == null) {
      int arrivals = timeline.arrivalsForAny(timestampMs, count);
      if (arrivals < 0 || dead.mayContain(offset)) {
        return null;
      }
      count = arrivals;
      serving = Objects.requireNonNull(timeline.serving(arrivals, timestampMs));
    }
    return replay != null && replay.closes(observation, serving)
        ? gathering(observation, serving, replay)
        : serving;
  }

  private int atFirstForecast() {
    return ahead.next(1).stream()
        .mapToInt(first -> timeline.arrivalsFor(first.served(), first.timestampMs(), 0))
        .filter(arrivals -> arrivals > 0)
        .findFirst()
        .orElse(0);
  }

  /**
   * What serves an event that should have given a forecast: unless what had arrived by the next one
   * gathers it instead, {@code serving} does, and the forecast is lost.
   */
  private ServingModels.Serving gathering(
      Observation observation, ServingModels.Serving serving, SeriesReplay replay) {
    for (FoundForecast next : ahead.next(1)) {
      int arrivals = timeline.arrivalsFor(next.served(), next.timestampMs(), count);
      ServingModels.Serving later =
          arrivals > count ? timeline.serving(arrivals, observation.timestampMs()) : null;
      if (later != null && !replay.closes(observation, later)) {
        count = arrivals;
        return later;
      }
    }
    return serving;
  }
}
