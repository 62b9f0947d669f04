package io.eddy.stream;

import io.eddy.forecast.Activation;
import io.eddy.forecast.Forecast;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The activations of one model in the order in which they came onto their topic. What serves an
 * event depends on its time and on how many of them had arrived when it was processed: the highest
 * epoch that is effective then and whose version is sound. Immutable.
 */
final class ActivationTimeline {
  private static final int STAYS = Integer.MAX_VALUE;

  private final List<Arrival> arrivals;
  private final ModelLookup models;

  /**
   * A record of the topic.
   *
   * @param key of the record; one of the same key replaces it
   * @param activation null where the record deletes what the key stood for
   */
  record Entry(String key, @Nullable Activation activation) {}

  /** An entry and the number of arrivals that no longer see it, the one that replaces it last. */
  private record Arrival(@Nullable Activation activation, int replacedAt) {
    boolean isSeenAmong(int arrived) {
      return replacedAt >= arrived;
    }
  }

  ActivationTimeline(List<Entry> entries, ModelLookup models) {
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

  /**
   * What serves an event of that time once the first {@code arrived} are there; null if nothing.
   */
  ServingModels.@Nullable Serving serving(int arrived, long timestampMs) {
    long below = Long.MAX_VALUE;
    while (true) {
      Activation best = highest(arrived, timestampMs, below);
      if (best == null) {
        return null;
      }
      Model model = models.find(best.version());
      if (model != null) {
        return new ServingModels.Serving(best, model);
      }
      below = best.epoch();
    }
  }

  private @Nullable Activation highest(int arrived, long timestampMs, long below) {
    Activation best = null;
    for (int i = 0; i < arrived; i++) {
      Arrival arrival = arrivals.get(i);
      Activation activation = arrival.activation();
      if (activation != null
          && arrival.isSeenAmong(arrived)
          && activation.epoch() < below
          && activation.isEffectiveAt(timestampMs)
          && (best == null || activation.epoch() > best.epoch())) {
        best = activation;
      }
    }
    return best;
  }

  /**
   * The fewest arrivals, {@code from} or more, with which {@code served} serves an event of that
   * time; −1 where it never does.
   */
  int arrivalsFor(Forecast.Served served, long timestampMs, int from) {
    for (int arrived = from; arrived <= arrivals.size(); arrived++) {
      ServingModels.Serving serving = serving(arrived, timestampMs);
      if (serving != null
          && serving.activation().epoch() == served.epoch()
          && serving.activation().version().equals(served.version())) {
        return arrived;
      }
    }
    return -1;
  }

  /**
   * The fewest arrivals, {@code from} or more, with which anything serves; −1 where nothing does.
   */
  int arrivalsForAny(long timestampMs, int from) {
    for (int arrived = from; arrived <= arrivals.size(); arrived++) {
      if (serving(arrived, timestampMs) != null) {
        return arrived;
      }
    }
    return -1;
  }

  /** Whether one of the arrivals {@code from} to {@code to} names another version. */
  boolean isOtherAmong(int from, int to, ModelVersion version) {
    return arrivals.subList(from, to).stream()
        .map(Arrival::activation)
        .anyMatch(activation -> activation != null && !activation.version().equals(version));
  }
}
