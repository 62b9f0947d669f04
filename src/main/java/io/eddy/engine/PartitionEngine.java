package io.eddy.engine;

import io.eddy.admission.LatenessPolicy;
import io.eddy.admission.RejectionKind;
import io.eddy.admission.SeriesLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.admission.TimestampGuardKey;
import io.eddy.admission.TimestampGuardState;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.AlertRules;
import io.eddy.forecast.anomaly.AnomalyPolicy;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StepResult;
import io.eddy.forecast.step.StoredState;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import io.eddy.series.store.SeriesStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Applies the events of one partition: admits an event, selects the version that serves it, lets
 * the {@link SeriesEngine} compute its effect, falls back to another version if a forecast is not
 * finite, and stores the result. Then the series' shadow takes the same event.
 *
 * <p>Time is the events' own; no clock is read. One instance per partition, used by one thread.
 */
public final class PartitionEngine {
  /** States that are read at a time to find when series are silent. */
  private static final int SCAN_SIZE = 2000;

  private final Rules rules;
  private final VersionSelector versions;
  private final PartitionStore partition;
  private final SeriesEngine engine;
  private final ShadowEvaluator shadows;
  private final ActiveSeries activeSeries;
  private final @Nullable SilenceWatch silences;

  /**
   * The rules for events.
   *
   * @param model name of the model, for messages
   * @param lateness of late observations
   * @param limits of series and their timestamps
   * @param anomalies to be detected
   * @param alerts rules on forecasts
   */
  public record Rules(
      String model,
      LatenessPolicy lateness,
      SeriesLimits limits,
      AnomalyPolicy anomalies,
      AlertRules alerts) {}

  public PartitionEngine(Rules rules, VersionSelector versions, PartitionStore partition) {
    this.rules = rules;
    this.versions = versions;
    this.partition = partition;
    engine = new SeriesEngine(rules.lateness(), rules.anomalies(), rules.alerts());
    shadows = new ShadowEvaluator(versions, partition, rules.lateness());
    activeSeries = new ActiveSeries(rules.limits(), partition);
    silences = rules.anomalies().isOff() ? null : watch(partition, activeSeries);
  }

  private static SilenceWatch watch(PartitionStore partition, ActiveSeries activeSeries) {
    SilenceWatch watch =
        new SilenceWatch(partition::series, (series, stored) -> activeSeries.isExpired(stored));
    String from = null;
    do {
      PartitionStore.Page page = partition.states(from, SCAN_SIZE);
      page.entries().forEach(entry -> watch.add(entry.series(), entry.state()));
      from = page.next();
    } while (from != null);
    return watch;
  }

  /**
   * Applies an event. A rejected event leaves the series' state as it is; only the state of the
   * timestamp guard may change.
   */
  public EventOutcome process(Observation observation) {
    versions.earn();
    String series = observation.series();
    long timeMs = observation.timestampMs();
    Selection own = versions.select(series, timeMs);
    if (own.version() == null) {
      return new EventOutcome.Rejected(
          RejectionKind.NO_VERSION,
          "no version of model %s serves events of %s: activate one"
              .formatted(rules.model(), Instant.ofEpochMilli(timeMs)));
    }
    SeriesStore store = partition.series(series);
    StoredState stored = unexpired(series, store.get(StateKey.STATE));
    if (stored == null && activeSeries.isFull()) {
      return new EventOutcome.Rejected(RejectionKind.SERIES_LIMIT, rules.limits().fullReason());
    }
    TimestampGuard.Decision guard = checkTimestamp(store, stored, timeMs);
    if (guard.kind() == TimestampGuard.Kind.REJECTED) {
      store.put(TimestampGuardKey.TIMESTAMP_GUARD, Objects.requireNonNull(guard.state()));
      return new EventOutcome.Rejected(
          RejectionKind.TIMESTAMP_JUMP, rules.limits().timestampGuard().rejectionReason());
    }
    if (guard.kind() == TimestampGuard.Kind.RESET) {
      delete(series, stored);
      stored = null;
    }
    return apply(observation, own, new Target(store, stored), guard.state());
  }

  /** A series' store and its state before the event; null if the series is new. */
  private record Target(SeriesStore store, @Nullable StoredState stored) {
    long newestMs() {
      return stored == null ? SeriesState.NO_TIME : stored.newestMs();
    }
  }

  /** Deletes an expired series and returns null for it. */
  private @Nullable StoredState unexpired(String series, @Nullable StoredState stored) {
    if (!activeSeries.isExpired(stored)) {
      return stored;
    }
    delete(series, stored);
    return null;
  }

  private TimestampGuard.Decision checkTimestamp(
      SeriesStore store, @Nullable StoredState stored, long timeMs) {
    TimestampGuard guard = rules.limits().timestampGuard();
    long newestMs = stored == null ? SeriesState.NO_TIME : stored.newestMs();
    TimestampGuardState known =
        guard.needsState(newestMs, timeMs) ? store.get(TimestampGuardKey.TIMESTAMP_GUARD) : null;
    return guard.check(known, newestMs, timeMs);
  }

  private EventOutcome apply(
      Observation observation,
      Selection own,
      Target target,
      @Nullable TimestampGuardState guardState) {
    // A late event migrates no series: the latest time decides which version serves.
    long asOfMs = Math.max(target.newestMs(), observation.timestampMs());
    Observation asOf = observation.withTimestampMs(asOfMs);
    Selection due = latest(observation, own, target);
    Selection selection =
        target.stored() == null ? due : versions.migrateOrKeep(asOf, due, target.stored());
    Attempt attempt = attempt(observation, asOf, selection, target);
    NonFiniteFallback fallback = new NonFiniteFallback(versions);
    for (Forecast bad = attempt.update().firstNonFinite();
        bad != null;
        bad = attempt.update().firstNonFinite()) {
      fallback.add(bad.origin());
      Selection next = versions.select(observation.series(), asOfMs);
      if (next.version() == null || fallback.contains(next.version().activation().epoch())) {
        fallback.release();
        return new EventOutcome.Rejected(
            RejectionKind.NON_FINITE,
            "no version of model %s gives a finite forecast: %s"
                .formatted(rules.model(), fallback.describe()));
      }
      attempt = attempt(observation, asOf, next, target);
    }
    if (attempt.update().result() instanceof StepResult.Refused refused) {
      return new EventOutcome.Rejected(RejectionKind.UNSUPPORTED_VALUE, refused.reason());
    }
    if (fallback.size() > 0) {
      fallback.logWithheld();
    }
    return commit(observation, attempt, target.stored(), guardState, fallback, asOfMs);
  }

  private Selection latest(Observation observation, Selection own, Target target) {
    if (target.newestMs() <= observation.timestampMs()) {
      return own;
    }
    Selection latest = versions.select(observation.series(), target.newestMs());
    return latest.version() == null ? latest.with(Objects.requireNonNull(own.version())) : latest;
  }

  /** The effect of an event under one version; nothing of it is stored yet. */
  private record Attempt(
      Selection selection, ShadowEvaluator.@Nullable Pending shadow, SeriesUpdate update) {}

  private Attempt attempt(
      Observation observation, Observation asOf, Selection selection, Target target) {
    ServingVersion serving = Objects.requireNonNull(selection.version());
    ShadowEvaluator.Pending shadow = shadows.open(asOf, serving, target.stored());
    return new Attempt(
        selection, shadow, engine.prepare(target.store(), target.stored(), observation, serving));
  }

  private EventOutcome.Applied commit(
      Observation observation,
      Attempt attempt,
      @Nullable StoredState stored,
      @Nullable TimestampGuardState guardState,
      NonFiniteFallback fallback,
      long asOfMs) {
    SeriesUpdate update = attempt.update();
    if (update.isChange()) {
      if (guardState != null) {
        update.put(guardState);
      }
      update.commit(
          activeSeries.countEvent(observation.series(), observation.timestampMs(), stored));
    }
    Selection selection = attempt.selection();
    ServingVersion serving = Objects.requireNonNull(selection.version());
    List<RoleScore> scores = fallback.scores(serving.model().version());
    if (attempt.shadow() != null) {
      scores = new ArrayList<>(scores);
      scores.addAll(shadows.advance(attempt.shadow(), observation, update.state()));
    }
    List<SilenceChange> changes =
        silences == null || !update.isChange()
            ? List.of()
            : silences.advance(observation, stored, update.state().silenceDueMs());
    return new EventOutcome.Applied(
        update.result(), selection, asOfMs, scores, update.alerts(), fallback.size(), changes);
  }

  /** Deletes a series. */
  public void delete(String series) {
    delete(series, partition.series(series).get(StateKey.STATE));
  }

  private void delete(String series, @Nullable StoredState stored) {
    activeSeries.countDeletion(stored);
    partition.delete(series);
    shadows.remove(series);
  }

  /** Continues to delete expired series and ended shadows; does not change any forecast. */
  public void sweep() {
    shadows.sweep();
    for (String series : activeSeries.sweep()) {
      partition.delete(series);
      shadows.remove(series);
    }
  }
}
