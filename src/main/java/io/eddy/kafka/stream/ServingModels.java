package io.eddy.kafka.stream;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.PublishedForecast.Knowledge;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.state.StateHeader;
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
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Which version serves an event, as the global stores tell. Looks at them again only after a
 * change, and holds no versions but the few that were asked for last. One for each task.
 *
 * <p>Where a version is to serve at once, its series wait as long as the task's {@link
 * MigrationBudget} does not cover their moves: each keeps its version until an event at which it
 * does.
 */
public final class ServingModels {
  /** As many scopes as events come from in turn, without a look into the catalog. */
  private static final int RECENT = 4;

  private final ActivationStore reader;
  private final ModelCatalog catalog;
  private final ReadOnlyKeyValueStore<String, byte[]> activationStore;
  private final ReadOnlyKeyValueStore<String, byte[]> modelStore;
  private final MigrationBudget budget;
  private final Predicate<Activation> usable = this::isUsable;
  private final List<ServingVersion> recent = new ArrayList<>(RECENT);

  /** Epochs whose versions are not to be had until something changes. */
  private final Set<Long> missing = new HashSet<>();

  /** Epochs whose version gave a forecast that is not finite where another's was. */
  private final Set<Long> withheld = new HashSet<>();

  /** Whether those are asked, too. */
  private boolean isLenient;

  private Activations activations = new Activations(List.of());
  private Knowledge known = Knowledge.NOT_RECORDED;
  private int passedOver;
  private long seenChanges = -1;

  /** The global stores. */
  record Stores(
      ReadOnlyKeyValueStore<String, byte[]> activations,
      ReadOnlyKeyValueStore<String, byte[]> models) {}

  /**
   * What serves in a task.
   *
   * @param model its name
   * @param limits of what moves may cost
   */
  ServingModels(String model, ModelCatalog catalog, Stores stores, MigrationThrottle limits) {
    this.catalog = catalog;
    reader = new ActivationStore(model);
    activationStore = stores.activations();
    modelStore = stores.models();
    budget = new MigrationBudget(limits);
  }

  /** What is to serve an event of that series and time; null where nothing does. */
  @Nullable ServingVersion at(String series, long timestampMs) {
    budget.add();
    passedOver = 0;
    ServingVersion serving = find(Role.SERVE, series, timestampMs);
    if (serving == null && !withheld.isEmpty()) {
      passedOver = 0;
      isLenient = true;
      serving = find(Role.SERVE, series, timestampMs);
      isLenient = false;
    }
    if (known.epoch() != activations.highestEpoch()
        || known.skipped() != passedOver
        || known.pendingEpoch() > 0) {
      known = new Knowledge(activations.highestEpoch(), passedOver);
    }
    return serving;
  }

  /**
   * Lets nothing serve under an epoch from now on while anything else can.
   *
   * @return false where it was so before
   */
  boolean withhold(long epoch) {
    return withheld.add(epoch);
  }

  /** Takes {@link #withhold} back. */
  void release(long epoch) {
    withheld.remove(epoch);
  }

  /**
   * What serves an event whose series has a state: what is to serve it, or, as long as the series
   * has to wait, the version that the state belongs to. A late event moves no series.
   *
   * @param event of the series
   * @param due what is to serve it, as just asked for
   * @param state bytes of the series' state
   */
  ServingVersion staying(Observation event, ServingVersion due, byte[] state) {
    if (StateHeader.isOf(state, due.model().version())) {
      return due;
    }
    ServingVersion now = now(StateHeader.served(state));
    long beforeMs = StateHeader.lastStepMs(state);
    if (now == null
        || withheld.contains(now.activation().epoch())
        || beforeMs == Long.MIN_VALUE
        || !now.isRebuiltFor(due)
        || !activations.mayWait(
            due.activation(), event.series(), now.activation().epoch(), beforeMs, usable)
        || (!now.isLate(event, beforeMs) && budget.take(due.rebuildSteps()))) {
      return due;
    }
    known = new Knowledge(known.epoch(), known.skipped(), due.activation().epoch());
    return now;
  }

  /** Takes so many steps of what moves may cost, where it covers them. */
  boolean covers(long steps) {
    return budget.take(steps);
  }

  /** What a state belongs to; null where that is not to be had any more. */
  private @Nullable ServingVersion now(Forecast.Served served) {
    Activation activation = activations.ofEpoch(served.epoch());
    return activation == null || !activation.version().equals(served.version())
        ? null
        : resolve(activation);
  }

  /** What was known when it was last asked what serves. */
  Knowledge known() {
    return known;
  }

  /** What shadows the one that serves an event of that series and time; null where nothing does. */
  @Nullable ServingVersion shadowAt(String series, long timestampMs) {
    return find(Role.SHADOW, series, timestampMs);
  }

  /** Whether a series is in any scope that was ever shadowed. */
  boolean isConcernedByShadows(String series) {
    return activations().isConcerned(Role.SHADOW, series);
  }

  /** Whether a version may shadow a series at any event time. */
  boolean mayBeShadowed(String series) {
    return activations().mayBeFilled(Role.SHADOW, series);
  }

  /** Grows with every change of models and activations. */
  long changes() {
    return catalog.changes();
  }

  private Activations activations() {
    long changes = catalog.changes();
    if (changes != seenChanges) {
      activations = reader.read(activationStore);
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
    Model found = catalog.find(activation.version(), modelStore::get);
    if (found == null) {
      missing.add(activation.epoch());
      return null;
    }
    ServingVersion serving = new ServingVersion(activation, found);
    if (recent.size() == RECENT) {
      recent.remove(0);
    }
    recent.add(serving);
    return serving;
  }
}
