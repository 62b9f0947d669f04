package io.eddy.stream;

import io.eddy.codec.ActivationCodec;
import io.eddy.codec.InvalidRecordException;
import io.eddy.forecast.Activation;
import io.eddy.forecast.Activations;
import io.eddy.model.Model;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which version serves an event, as the global stores tell. Looks at them again only after a
 * change. One for each task.
 */
final class ServingModels {
  private static final Logger log = LoggerFactory.getLogger(ServingModels.class);

  private final String model;
  private final ModelCatalog catalog;
  private final ReadOnlyKeyValueStore<String, byte[]> activationStore;
  private final ReadOnlyKeyValueStore<String, byte[]> modelStore;
  private final ActivationCodec codec = new ActivationCodec();
  private List<Candidate> candidates = List.of();
  private long seenChanges = -1;

  /** An activation and the version it names. */
  record Serving(Activation activation, Model model) {}

  private static final class Candidate {
    final Activation activation;
    @Nullable Serving serving;
    boolean isLookedUp;

    Candidate(Activation activation) {
      this.activation = activation;
    }
  }

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

  /** What serves an event of that time; null where nothing does. */
  @Nullable Serving at(long timestampMs) {
    long changes = catalog.changes();
    if (changes != seenChanges) {
      candidates = read();
      seenChanges = changes;
    }
    for (Candidate candidate : candidates) {
      if (candidate.activation.isEffectiveAt(timestampMs)) {
        Serving serving = resolve(candidate);
        if (serving != null) {
          return serving;
        }
      }
    }
    return null;
  }

  private @Nullable Serving resolve(Candidate candidate) {
    if (!candidate.isLookedUp) {
      candidate.isLookedUp = true;
      Model found = catalog.find(candidate.activation.version(), modelStore::get);
      candidate.serving = found == null ? null : new Serving(candidate.activation, found);
    }
    return candidate.serving;
  }

  private List<Candidate> read() {
    List<Activation> activations = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> all = activationStore.all()) {
      all.forEachRemaining(
          entry -> {
            try {
              Activation activation = codec.decode(entry.value);
              if (activation.model().equals(model)) {
                activations.add(activation);
              }
            } catch (InvalidRecordException e) {
              log.warn("activation {} is skipped: {}", entry.key, e.getMessage());
            }
          });
    }
    return new Activations(activations).descending().stream().map(Candidate::new).toList();
  }
}
