package io.eddy.engine;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StoredState;
import io.eddy.model.Model;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activations;
import io.eddy.rollout.MigrationBudget;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Selects the versions of events. Reads activations again only after a change, and caches the
 * versions selected last.
 *
 * <p>An activation without a begin in event time migrates its series as the {@link MigrationBudget}
 * allows: until then a series' migration is pending, and it keeps its version. One instance per
 * partition.
 */
public final class VersionSelector {
  /** Number of cached versions: as many scopes may alternate without a search for the version. */
  private static final int MAX_RECENT = 4;

  private final ModelResolver resolver;
  private final MigrationBudget budget;
  private final Predicate<Activation> usable = this::isUsable;
  private final List<ServingVersion> recent = new ArrayList<>(MAX_RECENT);

  /** Epochs whose versions were not found since the last change. */
  private final Set<Long> missing = new HashSet<>();

  /** Epochs whose version gave a non-finite forecast where another version's was finite. */
  private final Set<Long> withheld = new HashSet<>();

  /** Whether withheld epochs are usable. */
  private boolean isLenient;

  private Activations activations = new Activations(List.of());
  private int passedOver;
  private long seenChanges = -1;

  public VersionSelector(ModelResolver resolver, MigrationThrottle throttle) {
    this.resolver = resolver;
    budget = new MigrationBudget(throttle);
  }

  /** Adds the steps that one event earns to the migration budget; call once per event. */
  public void earn() {
    budget.addEvent();
  }

  /** Selects the version of an event; does not change the migration budget. */
  public Selection select(String series, long timestampMs) {
    passedOver = 0;
    ServingVersion serving = find(Role.SERVE, series, timestampMs);
    if (serving == null && !withheld.isEmpty()) {
      passedOver = 0;
      isLenient = true;
      serving = find(Role.SERVE, series, timestampMs);
      isLenient = false;
    }
    return new Selection(serving, activations.highestEpoch(), passedOver);
  }

  /**
   * Returns the selection for a series with a state: the one given, or, while the migration to it
   * is pending, the version that the state belongs to. A late event migrates no series.
   *
   * @param event at the latest time of its series
   * @param due selected for that time
   */
  Selection migrateOrKeep(Observation event, Selection due, StoredState stored) {
    ServingVersion target = due.version();
    if (target == null || stored.belongsTo(target.model().version())) {
      return due;
    }
    ServingVersion present = present(stored.served());
    long lastStepMs = stored.lastStepMs();
    if (present == null
        || withheld.contains(present.activation().epoch())
        || lastStepMs == SeriesState.NO_TIME
        || !present.isRebuiltFor(target)
        || !mayBePending(event, target, present, lastStepMs)
        || (!present.isLate(event, lastStepMs) && takeBudget(target.rebuildSteps()))) {
      return due;
    }
    return due.pendingWith(present, target.activation().epoch());
  }

  private boolean mayBePending(
      Observation event, ServingVersion target, ServingVersion present, long lastStepMs) {
    return activations.mayBePending(
        target.activation(), event.series(), present.activation().epoch(), lastStepMs, usable);
  }

  /** Takes steps from the migration budget, if it covers them. */
  boolean takeBudget(long steps) {
    return budget.tryTake(steps);
  }

  /** Returns the version that a state belongs to, or null if it is no longer usable. */
  private @Nullable ServingVersion present(Forecast.Served served) {
    Activation activation = activations.byEpoch(served.epoch());
    return activation == null || !activation.version().equals(served.version())
        ? null
        : resolve(activation);
  }

  /**
   * Withholds an epoch: it serves no event from now on while any other can.
   *
   * @return false if it was withheld before
   */
  boolean withhold(long epoch) {
    return withheld.add(epoch);
  }

  /** Ends {@link #withhold}. */
  void release(long epoch) {
    withheld.remove(epoch);
  }

  /** Returns the shadow version of an event, or null if none exists. */
  public @Nullable ServingVersion shadow(String series, long timestampMs) {
    return find(Role.SHADOW, series, timestampMs);
  }

  /** Returns whether a series is in any scope that ever had a shadow. */
  boolean isConcernedByShadows(String series) {
    return activations().isInAnyScope(Role.SHADOW, series);
  }

  /** Returns whether a version may shadow a series at any event time. */
  boolean mayBeShadowed(String series) {
    return activations().mayApply(Role.SHADOW, series);
  }

  long changes() {
    return resolver.changes();
  }

  private Activations activations() {
    long changes = resolver.changes();
    if (changes != seenChanges) {
      activations = resolver.activations();
      recent.clear();
      missing.clear();
      seenChanges = changes;
    }
    return activations;
  }

  private @Nullable ServingVersion find(Role role, String series, long timestampMs) {
    Activation found = activations().find(role, series, timestampMs, usable);
    return found == null ? null : resolve(found);
  }

  private boolean isUsable(Activation activation) {
    boolean isUsable =
        (isLenient || withheld.isEmpty() || !withheld.contains(activation.epoch()))
            && resolve(activation) != null;
    passedOver += isUsable ? 0 : 1;
    return isUsable;
  }

  private @Nullable ServingVersion resolve(Activation activation) {
    for (int i = 0; i < recent.size(); i++) {
      if (recent.get(i).activation().epoch() == activation.epoch()) {
        return recent.get(i);
      }
    }
    if (!missing.isEmpty() && missing.contains(activation.epoch())) {
      return null;
    }
    Model model = resolver.find(activation.version());
    if (model == null) {
      missing.add(activation.epoch());
      return null;
    }
    ServingVersion serving = new ServingVersion(activation, model);
    if (recent.size() == MAX_RECENT) {
      recent.remove(0);
    }
    recent.add(serving);
    return serving;
  }
}
