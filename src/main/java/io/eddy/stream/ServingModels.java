package io.eddy.stream;

import io.eddy.codec.ActivationCodec;
import io.eddy.codec.InvalidRecordException;
import io.eddy.codec.PublishedForecast.Knowledge;
import io.eddy.forecast.Activation;
import io.eddy.forecast.Activation.Role;
import io.eddy.forecast.Activations;
import io.eddy.model.Model;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which version serves an event, as the global stores tell. Looks at them again only after a
 * change, and holds no versions but the few that were asked for last. One for each task.
 */
final class ServingModels {
  private static final Logger log = LoggerFactory.getLogger(ServingModels.class);

  /** As many scopes as events come from in turn, without a look into the catalog. */
  private static final int RECENT = 4;

  private final String model;
  private final ModelCatalog catalog;
  private final ReadOnlyKeyValueStore<String, byte[]> activationStore;
  private final ReadOnlyKeyValueStore<String, byte[]> modelStore;
  private final ActivationCodec codec = new ActivationCodec();
  private final Predicate<Activation> usable = this::isUsable;
  private final List<Serving> recent = new ArrayList<>(RECENT);

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

  /** An activation and the version it names. */
  record Serving(Activation activation, Model model) {}

  ServingModels(
      String model,
      ModelCatalog catalog,
      ReadOnlyKeyValueStore<String, byte[]> activationStore,
      ReadOnlyKeyValueStore<String, byte[]> modelStore) {
    this.model = model;
    this.catalog = catalog;
    this.activationStore = activationStore;
    this.modelStore = modelStore;
  }

  /** What serves an event of that series and time; null where nothing does. */
  @Nullable Serving at(String series, long timestampMs) {
    passedOver = 0;
    Serving serving = find(Role.SERVE, series, timestampMs);
    if (serving == null && !withheld.isEmpty()) {
      passedOver = 0;
      isLenient = true;
      serving = find(Role.SERVE, series, timestampMs);
      isLenient = false;
    }
    if (known.epoch() != activations.highestEpoch() || known.passedOver() != passedOver) {
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

  /** What was known when it was last asked what serves. */
  Knowledge known() {
    return known;
  }

  /** What shadows the one that serves an event of that series and time; null where nothing does. */
  @Nullable Serving shadowAt(String series, long timestampMs) {
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
      activations = read();
      recent.clear();
      missing.clear();
      seenChanges = changes;
    }
    return activations;
  }

  private @Nullable Serving find(Role role, String series, long timestampMs) {
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

  private @Nullable Serving resolve(Activation activation) {
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
    Serving serving = new Serving(activation, found);
    if (recent.size() == RECENT) {
      recent.remove(0);
    }
    recent.add(serving);
    return serving;
  }

  private Activations read() {
    List<Activation> found = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> all = activationStore.all()) {
      all.forEachRemaining(
          entry -> {
            try {
              Activation activation = codec.decode(entry.key, entry.value);
              if (activation.model().equals(model)) {
                found.add(activation);
              }
            } catch (InvalidRecordException e) {
              log.warn("activation {} is skipped: {}", entry.key, e.getMessage());
            }
          });
    }
    return new Activations(found);
  }
}
