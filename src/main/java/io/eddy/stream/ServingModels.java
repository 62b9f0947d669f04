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
 * change, and holds no version but the one that served last. One for each task.
 */
final class ServingModels {
  private static final Logger log = LoggerFactory.getLogger(ServingModels.class);

  private final String model;
  private final ModelCatalog catalog;
  private final ReadOnlyKeyValueStore<String, byte[]> activationStore;
  private final ReadOnlyKeyValueStore<String, byte[]> modelStore;
  private final ActivationCodec codec = new ActivationCodec();
  private List<Candidate> candidates = List.of();
  private @Nullable Serving last;
  private long seenChanges = -1;

  /** An activation and the version it names. */
  record Serving(Activation activation, Model model) {}

  private static final class Candidate {
    final Activation activation;
    boolean isMissing;

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
      last = null;
      seenChanges = changes;
    }
    for (Candidate candidate : candidates) {
      if (!candidate.isMissing && candidate.activation.isEffectiveAt(timestampMs)) {
        Serving serving = resolve(candidate);
        if (serving != null) {
          last = serving;
          return serving;
        }
        candidate.isMissing = true;
      }
    }
    return null;
  }

  private @Nullable Serving resolve(Candidate candidate) {
    if (last != null && last.activation().equals(candidate.activation)) {
      return last;
    }
    Model found = catalog.find(candidate.activation.version(), modelStore::get);
    return found == null ? null : new Serving(candidate.activation, found);
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
