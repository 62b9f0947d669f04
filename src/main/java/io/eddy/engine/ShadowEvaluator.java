package io.eddy.engine;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StateSnapshot;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.forecast.step.StoredState;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.store.OverlaySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs shadow versions. A shadowed series has a second state, which starts as the window of the
 * serving state run through the shadow's weights and then takes the same events. Its forecasts are
 * not published, only their scores. The migration budget limits how many shadows start.
 *
 * <p>Failures of a shadow do not affect the serving version: a shadow that throws, or whose
 * forecast is not finite, is stopped for its series until another activation, and its score gives
 * the reason. Events of partitions without shadows cost no store access. One instance per
 * partition.
 */
final class ShadowEvaluator {
  private static final Logger log = LoggerFactory.getLogger(ShadowEvaluator.class);

  private final VersionSelector versions;
  private final PartitionStore partition;
  private final StepFunction steps;
  private long loggedEpoch;
  private long sweptChanges = -1;
  private long sweepingChanges = -1;

  /**
   * A shadow that is about to take an event, after the serving version.
   *
   * @param state null if it could not be restored
   * @param isNew whether the shadow starts with this event
   * @param followsServing whether it is scored on the same origins as the serving version
   * @param failure why the state could not be restored
   */
  record Pending(
      ServingVersion shadow,
      OverlaySeriesStore store,
      @Nullable SeriesState state,
      boolean isNew,
      boolean followsServing,
      String failure) {}

  /** Restores the state of a shadow. */
  private interface Restoring {
    SeriesState restore(OverlaySeriesStore store);
  }

  ShadowEvaluator(VersionSelector versions, PartitionStore partition, LatenessPolicy lateness) {
    steps = new StepFunction(lateness.withoutProvisional());
    this.versions = versions;
    this.partition = partition;
  }

  /**
   * Returns the shadow of an event's series, or null if none exists.
   *
   * @param serving the version that serves the event
   * @param stored the serving state before the event; null if the series is new
   */
  @Nullable Pending open(Observation event, ServingVersion serving, @Nullable StoredState stored) {
    String series = event.series();
    ServingVersion shadow = versions.shadow(series, event.timestampMs());
    if (shadow == null || shadow.model().version().equals(serving.model().version())) {
      if (partition.mayHaveShadows() && versions.isConcernedByShadows(series)) {
        removeStored(series);
      }
      return null;
    }
    SeriesStore store = partition.shadow(series);
    StoredState present = partition.mayHaveShadows() ? store.get(StateKey.STATE) : null;
    if (present != null) {
      if (present.belongsTo(shadow.model().version())) {
        boolean follows = isSameGrid(shadow, serving, stored);
        return guarded(
            shadow, store, false, follows, over -> present.restore(shadow.model(), over));
      }
      partition.deleteShadow(series);
    } else if (partition.mayHaveShadows()) {
      Forecast.Served failed = store.get(ShadowFailureKey.FAILED);
      if (failed != null && failed.epoch() == shadow.activation().epoch()) {
        return null;
      }
      if (failed != null) {
        partition.deleteShadow(series);
      }
    }
    return start(series, shadow, serving, stored);
  }

  private void removeStored(String series) {
    SeriesStore store = partition.shadow(series);
    if (store.get(StateKey.STATE) != null || store.get(ShadowFailureKey.FAILED) != null) {
      partition.deleteShadow(series);
    }
  }

  /**
   * Starts a shadow from the window of the serving state. This costs as much as a migration and is
   * limited by the same budget; until it is covered the series has no shadow.
   */
  private @Nullable Pending start(
      String series, ServingVersion shadow, ServingVersion serving, @Nullable StoredState stored) {
    boolean isSameGrid = isSameGrid(shadow, serving, stored);
    SeriesStore store = partition.shadow(series);
    if (stored == null) {
      long epoch = shadow.activation().epoch();
      return guarded(
          shadow,
          store,
          true,
          isSameGrid,
          over -> SeriesState.initial(shadow.model(), epoch, over));
    }
    if (isSameGrid && !versions.takeBudget(shadow.rebuildSteps())) {
      return null;
    }
    return guarded(
        shadow,
        store,
        true,
        isSameGrid,
        over -> {
          SeriesState state = stored.restore(shadow.model(), partition.series(series));
          state.window().copyTo(over);
          state.pendingForecast().clear();
          return state.copyOver(over);
        });
  }

  private static boolean isSameGrid(
      ServingVersion shadow, ServingVersion serving, @Nullable StoredState stored) {
    Sampling present =
        stored == null ? serving.model().specification().sampling() : stored.sampling();
    return present.isSameGrid(shadow.model().specification().sampling());
  }

  private Pending guarded(
      ServingVersion shadow,
      SeriesStore store,
      boolean isNew,
      boolean followsServing,
      Restoring restoring) {
    OverlaySeriesStore overlay = new OverlaySeriesStore(store);
    try {
      SeriesState state = restoring.restore(overlay);
      return new Pending(shadow, overlay, state, isNew, followsServing, "");
    } catch (RuntimeException e) {
      requireStoreWorks(e);
      String failure = "its state cannot be restored: " + e;
      return new Pending(shadow, overlay, null, isNew, followsServing, failure);
    }
  }

  private void requireStoreWorks(RuntimeException exception) {
    if (partition.isStoreFailure(exception)) {
      throw exception;
    }
  }

  /**
   * Applies an event, after the serving version took it.
   *
   * @param serving state of the serving version after the event
   * @return the scores to publish
   */
  List<RoleScore> advance(Pending pending, Observation event, SeriesState serving) {
    SeriesState state = pending.state();
    if (state == null) {
      return List.of(fail(pending, event, pending.failure()));
    }
    if (pending.followsServing()) {
      state.pendingForecast().follow(serving.pendingForecast());
    }
    ServingVersion shadow = pending.shadow();
    StepResult result;
    try {
      result = steps.apply(state, event, shadow.model(), shadow.activation().epoch());
    } catch (RuntimeException e) {
      requireStoreWorks(e);
      return List.of(fail(pending, event, "it fails: " + e));
    }
    if (result instanceof StepResult.Dropped) {
      return List.of();
    }
    if (result instanceof StepResult.Refused refused) {
      return List.of(fail(pending, event, refused.reason()));
    }
    if (result.forecasts().stream().anyMatch(advanced -> !advanced.forecast().isFinite())) {
      return List.of(fail(pending, event, "its forecast is not finite"));
    }
    if (pending.isNew()) {
      pending.store().discardDeletions();
    }
    pending.store().put(StateKey.STATE, StateSnapshot.of(state, SeriesState.NO_TIME));
    pending.store().commit();
    return scores(result);
  }

  private static List<RoleScore> scores(StepResult result) {
    List<RoleScore> scores = new ArrayList<>(1);
    for (StepResult.Advanced advanced : result.forecasts()) {
      Score score = advanced.score();
      if (score != null) {
        scores.add(new RoleScore(score, Role.SHADOW, null));
      }
    }
    return scores;
  }

  private RoleScore fail(Pending pending, Observation event, String reason) {
    ServingVersion shadow = pending.shadow();
    Forecast.Served served =
        new Forecast.Served(shadow.model().version(), shadow.activation().epoch());
    if (loggedEpoch != served.epoch()) {
      loggedEpoch = served.epoch();
      log.warn(
          "shadow version {} of epoch {} failed, first at series {}: {}",
          served.version().shortSha(),
          served.epoch(),
          event.series(),
          reason);
    }
    partition.deleteShadow(event.series());
    partition.shadow(event.series()).put(ShadowFailureKey.FAILED, served);
    Forecast.Origin origin =
        new Forecast.Origin(
            event.series(),
            event.timestampMs(),
            shadow.model().specification().sampling().interval(),
            served,
            false);
    return new RoleScore(Score.none(origin), Role.SHADOW, reason);
  }

  /** Deletes the shadow of a series, if it has one. */
  void remove(String series) {
    if (partition.mayHaveShadows()) {
      partition.deleteShadow(series);
    }
  }

  /**
   * Continues to delete the states of shadows that ended. A shadow that ends from an event time on
   * is deleted by its series' first event from then on instead.
   */
  void sweep() {
    long changes = versions.changes();
    if (!partition.mayHaveShadows() || changes == sweptChanges) {
      return;
    }
    if (sweepingChanges == -1) {
      sweepingChanges = changes;
    }
    if (partition.sweepShadows(versions::mayBeShadowed)) {
      sweptChanges = sweepingChanges;
      sweepingChanges = -1;
    }
  }
}
