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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The activations of one model in the order of their topic. The version that serves an event
 * follows from the event's time, the number of records that the forecaster had received, and the
 * number of activations that it skipped, by the rule of {@link Activations}.
 */
public final class ActivationTimeline {
  private static final int NEVER = Integer.MAX_VALUE;

  /** Each takes memory proportional to the number of activations. */
  private static final int MAX_KEPT = 64;

  private final List<TopicRecord> records;
  private final ModelLookup models;

  /** The activations by the number of records received: the last ones used. */
  private final Map<Integer, Activations> byReceived =
      new LinkedHashMap<>(MAX_KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Activations> eldest) {
          return size() > MAX_KEPT;
        }
      };

  /** Highest epoch by the number of records received. */
  private final long[] highestEpochs;

  /**
   * A record of the activations topic.
   *
   * @param key the record's key; a later record with the same key replaces it
   * @param activation null if the record is a tombstone
   */
  public record Entry(String key, @Nullable Activation activation) {}

  /**
   * Part of the topic that a forecaster has received.
   *
   * @param received number of records received
   * @param skipped number of activations skipped, in the order of precedence, because their version
   *     was unavailable; {@link #NOT_RECORDED} to skip those that are unavailable now
   */
  record Progress(int received, int skipped) {
    static final int NOT_RECORDED = -1;

    static Progress of(int received) {
      return new Progress(received, NOT_RECORDED);
    }
  }

  /** A record and the index of the record that replaces it. */
  private record TopicRecord(@Nullable Activation activation, int replacedAt) {
    boolean isCurrentAfter(int received) {
      return replacedAt >= received;
    }
  }

  public ActivationTimeline(List<Entry> entries, ModelLookup models) {
    this.models = models;
    List<TopicRecord> all = new ArrayList<>(entries.size());
    Map<String, Integer> latest = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      Integer before = latest.put(entry.key(), i);
      if (before != null) {
        all.set(before, new TopicRecord(all.get(before).activation(), i));
      }
      all.add(new TopicRecord(entry.activation(), NEVER));
    }
    records = List.copyOf(all);
    highestEpochs = highestEpochs(entries);
  }

  private static long[] highestEpochs(List<Entry> entries) {
    long[] highest = new long[entries.size() + 1];
    Map<String, Long> current = new HashMap<>();
    TreeMap<Long, Integer> counts = new TreeMap<>();
    for (int i = 0; i < entries.size(); i++) {
      Activation activation = entries.get(i).activation();
      Long before =
          activation == null
              ? current.remove(entries.get(i).key())
              : current.put(entries.get(i).key(), activation.epoch());
      if (before != null) {
        counts.computeIfPresent(before, (epoch, count) -> count == 1 ? null : count - 1);
      }
      if (activation != null) {
        counts.merge(activation.epoch(), 1, Integer::sum);
      }
      highest[i + 1] = counts.isEmpty() ? 0 : counts.lastKey();
    }
    return highest;
  }

  /** Returns the number of records. */
  int size() {
    return records.size();
  }

  /** Returns the highest epoch received. */
  long highestEpoch(Progress progress) {
    return highestEpochs[progress.received()];
  }

  /** Returns the activation that applies to an event; null if none exists. */
  @Nullable Activation activation(Progress progress, Observation event) {
    return activation(progress, event.series(), event.timestampMs());
  }

  private @Nullable Activation activation(Progress progress, String series, long timestampMs) {
    return received(progress).find(Role.SERVE, series, timestampMs, isUsable(progress));
  }

  private Predicate<Activation> isUsable(Progress progress) {
    int[] tested = {0};
    return activation ->
        progress.skipped() == Progress.NOT_RECORDED
            ? models.find(activation.version()) != null
            : tested[0]++ == progress.skipped();
  }

  /** Returns the version that serves an event; null if none exists or it was deleted. */
  @Nullable ServingVersion serving(Progress progress, Observation event) {
    Activation found = activation(progress, event);
    Model model = found == null ? null : models.find(found.version());
    return found == null || model == null ? null : new ServingVersion(found, model);
  }

  /**
   * Returns the version that serves an event while the migration of its series is pending; null if
   * it may not be pending, by the rule of {@link Activations#mayBePending}, or if that version was
   * deleted.
   *
   * @param selection the target of the migration
   * @param current version and epoch of the series' state
   * @param lastStepMs begin of the last closed step, epoch milliseconds
   */
  @Nullable ServingVersion pendingVersion(
      ActivationVisibility.Selection selection,
      Observation event,
      Forecast.Served current,
      long lastStepMs) {
    Activations activations = received(selection.progress());
    ServingVersion target = selection.serving();
    Activation activation = activations.byEpoch(current.epoch());
    if (target == null || activation == null || !activation.version().equals(current.version())) {
      return null;
    }
    Model model = models.find(current.version());
    if (model == null) {
      return null;
    }
    ServingVersion serving = new ServingVersion(activation, model);
    Set<Long> skipped = skippedEpochs(activations, event, target.activation().epoch());
    return serving.isRebuiltFor(target)
            && activations.mayBePending(
                target.activation(),
                event.series(),
                current.epoch(),
                lastStepMs,
                candidate -> !skipped.contains(candidate.epoch()))
        ? serving
        : null;
  }

  /** Returns the epochs that precede {@code target} for an event. */
  private static Set<Long> skippedEpochs(Activations activations, Observation event, long target) {
    Set<Long> skipped = new HashSet<>();
    var unused =
        activations.find(
            Role.SERVE,
            event.series(),
            event.timestampMs(),
            activation -> activation.epoch() == target || !skipped.add(activation.epoch()));
    return skipped;
  }

  private Activations received(Progress progress) {
    return byReceived.computeIfAbsent(
        progress.received(),
        count -> {
          List<Activation> current = new ArrayList<>();
          for (TopicRecord record : records.subList(0, count)) {
            Activation activation = record.activation();
            if (activation != null && record.isCurrentAfter(count)) {
              current.add(activation);
            }
          }
          return new Activations(current);
        });
  }

  /**
   * Returns the first progress between {@code from} and {@code to} records that agrees with the
   * epochs and the version that a forecast records; null if none exists.
   */
  @Nullable Progress progressOf(RecordedForecast found, int from, int to) {
    Knowledge known = found.published().known();
    boolean isRecorded = known.epoch() > 0;
    boolean isPending = known.pendingEpoch() > 0;
    long epoch = isPending ? known.pendingEpoch() : found.served().epoch();
    for (int received = from; received <= to; received++) {
      Progress progress =
          new Progress(received, isRecorded ? known.skipped() : Progress.NOT_RECORDED);
      if (!isRecorded || highestEpoch(progress) == known.epoch()) {
        Activation activation = activation(progress, found.series(), found.timestampMs());
        if (activation != null
            && activation.epoch() == epoch
            && (isPending || activation.version().equals(found.served().version()))) {
          return progress;
        }
      }
    }
    return null;
  }

  /**
   * Returns the first progress, from {@code from} records on, with a version that serves an event;
   * null if none exists.
   */
  @Nullable Progress firstServing(Observation event, int from) {
    for (int received = from; received <= records.size(); received++) {
      if (serving(Progress.of(received), event) != null) {
        return Progress.of(received);
      }
    }
    return null;
  }

  /**
   * Returns whether a version serves an event as soon as the model has an activation. The
   * forecaster processes no event before.
   */
  boolean isServedFromBegin(Observation event) {
    for (int received = 1; received <= records.size(); received++) {
      if (highestEpochs[received] > 0) {
        return serving(Progress.of(received), event) != null
            && serving(Progress.of(records.size()), event) != null;
      }
    }
    return false;
  }

  /** Returns whether an activation that is effective at an event's time was received after it. */
  boolean isActivationLate(Observation event, Progress progress) {
    return records.subList(progress.received(), records.size()).stream()
        .map(TopicRecord::activation)
        .anyMatch(
            activation ->
                activation != null
                    && activation.effectiveFromMs() != null
                    && applies(activation, event));
  }

  /**
   * Returns whether a series with the same version before and after may have had another one in
   * between.
   *
   * @param before the progress before
   * @param selection the selection after; a pending migration counts as not made
   * @param version the version before and after
   * @param latest the latest event of the series in between
   */
  boolean mayHaveSwitchedBetween(
      Progress before,
      ActivationVisibility.Selection selection,
      ModelVersion version,
      Observation latest) {
    Progress after = selection.progress();
    if (before.equals(after)) {
      return false;
    }
    int first = Math.min(before.received(), after.received());
    int last = Math.max(before.received(), after.received());
    return before.skipped() > 0
        || records.subList(first, last).stream()
            .map(TopicRecord::activation)
            .anyMatch(
                activation ->
                    activation != null
                        && activation.epoch() != selection.pendingEpoch()
                        && applies(activation, latest)
                        && (activation.terms().isEnd() || !activation.version().equals(version)));
  }

  /** Returns whether an activation would serve an event if no other took precedence. */
  private static boolean applies(Activation activation, Observation event) {
    return activation.terms().role() == Role.SERVE
        && activation.terms().scope().contains(event.series())
        && activation.isEffectiveAt(event.series(), event.timestampMs());
  }
}
