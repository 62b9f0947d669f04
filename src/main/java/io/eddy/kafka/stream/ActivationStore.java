package io.eddy.kafka.stream;

import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.topics.PartitionHistory;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activations;
import io.eddy.series.InvalidRecordException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the activations of one model from their global store. */
public final class ActivationStore {
  private static final Logger log = LoggerFactory.getLogger(ActivationStore.class);

  private final ActivationCodec codec = new ActivationCodec();
  private final String model;

  public ActivationStore(String model) {
    this.model = model;
  }

  /** Returns the model's activations; invalid records are logged and skipped. */
  public Activations read(ReadOnlyKeyValueStore<String, byte[]> store) {
    List<Activation> found = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      all.forEachRemaining(
          entry -> {
            if (PartitionHistory.isKey(entry.key)) {
              return;
            }
            try {
              Activation activation = codec.decode(entry.key, entry.value);
              if (activation.model().equals(model)) {
                found.add(activation);
              }
            } catch (InvalidRecordException e) {
              log.warn("skipping invalid activation {}: {}", entry.key, e.getMessage());
            }
          });
    }
    return new Activations(found);
  }
}
