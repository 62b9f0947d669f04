package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.PublishedForecast.Knowledge;
import io.eddy.kafka.registry.ModelLookup;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activations;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The activations of one model in the order in which they came onto their topic. What serves an
 * event follows from its time, how many of them had arrived when it was processed, and how many of
 * these were passed over, by the rule of {@link Activations}.
 */
public final class ActivationTimeline {
  private static final int STAYS = Integer.MAX_VALUE;

  private final List<Arrival> arrivals;
  private final ModelLookup models;

  /** What is known once so many have arrived, made when it is asked for. */
  private final Map<Integer, Activations> known = new HashMap<>();

  /**
   * A record of the topic.
   *
   * @param key of the record; one of the same key replaces it
   * @param activation null where the record deletes what the key stood for
   */
  public record Entry(String key, @Nullable Activation activation) {}

  /**
   * A point in what a forecaster comes to know.
   *
   * @param arrived how many activations are there
   * @param passedOver how many of those that come first cannot serve, for want of their version;
   *     {@link #NOT_TOLD} for those whose version cannot be had now
   */
  record Point(int arrived, int passedOver) {
    static final int NOT_TOLD = -1;

    static Point of(int arrived) {
      return new Point(arrived, NOT_TOLD);
    }
  }

  /** An entry and the number of arrivals that no longer see it, the one that replaces it last. */
  private record Arrival(@Nullable Activation activation, int replacedAt) {
    boolean isSeenAmong(int arrived) {
      return replacedAt >= arrived;
    }
  }

  public ActivationTimeline(List<Entry> entries, ModelLookup models) {
    this.models = models;
    List<Arrival> made = new ArrayList<>(entries.size());
    Map<String, Integer> latest = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      Integer before = latest.put(entry.key(), i);
      if (before != null) {
        made.set(before, new Arrival(made.get(before).activation(), i));
      }
      made.add(new Arrival(entry.activation(), STAYS));
    }
    arrivals = List.copyOf(made);
  }

  /** How many arrivals there are. */
  int size() {
    return arrivals.size();
  }

  /** The highest epoch that is known at a point. */
  long highestEpoch(Point point) {
    return known(point.arrived()).highestEpoch();
  }

  /** By which activation an event is served at a point; null where by none. */
  @Nullable Activation activation(Point point, Observation event) {
    return activation(point, event.series(), event.timestampMs());
  }

  private @Nullable Activation activation(Point point, String series, long timestampMs) {
    return known(point.arrived()).find(Role.SERVE, series, timestampMs, isUsable(point));
  }

  private Predicate<Activation> isUsable(Point point) {
    int[] asked = {0};
    return activation ->
        point.passedOver() == Point.NOT_TOLD
            ? models.find(activation.version()) != null
            : asked[0]++ == point.passedOver();
  }

  /** The same with its version; null where by none, or where its version is no longer kept. */
  @Nullable ServingVersion serving(Point point, Observation event) {
    Activation found = activation(point, event);
    Model model = found == null ? null : models.find(found.version());
    return found == null || model == null ? null : new ServingVersion(found, model);
  }

  /**
   * What serves an event whose series waits at a point; null where it must not, by the rule of
   * {@link Activations#mayWait}, or where the version that it waits with is no longer kept.
   *
   * @param due when and by what it is to be served
   * @param now what its state belongs to
   * @param beforeMs begin of the last step that was closed
   */
  @Nullable ServingVersion waiting(
      ActivationVisibility.Served due, Observation event, Forecast.Served now, long beforeMs) {
    Activations activations = known(due.point().arrived());
    ServingVersion target = due.serving();
    Activation stays = activations.ofEpoch(now.epoch());
    if (target == null || stays == null || !stays.version().equals(now.version())) {
      return null;
    }
    Model model = models.find(now.version());
    if (model == null) {
      return null;
    }
    ServingVersion serving = new ServingVersion(stays, model);
    Set<Long> passedOver = passedOver(activations, event, target.activation().epoch());
    return serving.isRebuiltFor(target)
            && activations.mayWait(
                target.activation(),
                event.series(),
                now.epoch(),
                beforeMs,
                activation -> !passedOver.contains(activation.epoch()))
        ? serving
        : null;
  }

  /** The epochs that come before the one that is to serve an event. */
  private static Set<Long> passedOver(Activations activations, Observation event, long due) {
    Set<Long> passedOver = new HashSet<>();
    var unused =
        activations.find(
            Role.SERVE,
            event.series(),
            event.timestampMs(),
            activation -> activation.epoch() == due || !passedOver.add(activation.epoch()));
    return passedOver;
  }

  private Activations known(int arrived) {
    return known.computeIfAbsent(
        arrived,
        count -> {
          List<Activation> seen = new ArrayList<>();
          for (Arrival arrival : arrivals.subList(0, count)) {
            Activation activation = arrival.activation();
            if (activation != null && arrival.isSeenAmong(count)) {
              seen.add(activation);
            }
          }
          return new Activations(seen);
        });
  }

  /**
   * The first point, among those of {@code from} to {@code to} arrivals, at which what a forecast
   * says of itself is so: what was known, and what served; null where there is none.
   */
  @Nullable Point pointOf(RecordedForecast found, int from, int to) {
    Knowledge knowledge = found.published().known();
    boolean isTold = knowledge.epoch() > 0;
    long due = knowledge.pendingEpoch() > 0 ? knowledge.pendingEpoch() : found.served().epoch();
    for (int arrived = from; arrived <= to; arrived++) {
      Point point = new Point(arrived, isTold ? knowledge.skipped() : Point.NOT_TOLD);
      if (!isTold || highestEpoch(point) == knowledge.epoch()) {
        Activation activation = activation(point, found.series(), found.timestampMs());
        if (activation != null
            && activation.epoch() == due
            && (knowledge.pendingEpoch() > 0
                || activation.version().equals(found.served().version()))) {
          return point;
        }
      }
    }
    return null;
  }

  /** The first point, from so many arrivals on, at which anything serves; null where none does. */
  @Nullable Point pointOfAny(Observation event, int from) {
    for (int arrived = from; arrived <= arrivals.size(); arrived++) {
      if (serving(Point.of(arrived), event) != null) {
        return Point.of(arrived);
      }
    }
    return null;
  }

  /** Whether an activation of event time that is for an event came after a point. */
  boolean isLateFor(Observation event, Point point) {
    return arrivals.subList(point.arrived(), arrivals.size()).stream()
        .map(Arrival::activation)
        .anyMatch(
            activation ->
                activation != null
                    && activation.effectiveFromMs() != null
                    && isFor(activation, event));
  }

  /**
   * Whether a state that belongs to a version at both points may have belonged to another between
   * them. To what it still waits for it has not.
   *
   * @param served the point after
   * @param latest the latest event of the series between them
   */
  boolean mayTurnBetween(
      Point before, ActivationVisibility.Served served, ModelVersion version, Observation latest) {
    Point after = served.point();
    if (before.equals(after)) {
      return false;
    }
    int first = Math.min(before.arrived(), after.arrived());
    int last = Math.max(before.arrived(), after.arrived());
    return before.passedOver() > 0
        || arrivals.subList(first, last).stream()
            .map(Arrival::activation)
            .anyMatch(
                activation ->
                    activation != null
                        && activation.epoch() != served.awaitedEpoch()
                        && isFor(activation, latest)
                        && (activation.terms().isEnd() || !activation.version().equals(version)));
  }

  /** Whether it decides what serves an event, where no other goes before it. */
  private static boolean isFor(Activation activation, Observation event) {
    return activation.terms().role() == Role.SERVE
        && activation.terms().scope().contains(event.series())
        && activation.isEffectiveAt(event.series(), event.timestampMs());
  }
}
