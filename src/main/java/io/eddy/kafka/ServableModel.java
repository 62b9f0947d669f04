package io.eddy.kafka;

import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.stream.ActivationStore;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activations;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Checks that a version of the model can serve. Loads it, as the first event would. */
final class ServableModel {
  private final KafkaStreams streams;
  private final ModelCatalog catalog;
  private final String model;
  private final ActivationStore activations;

  ServableModel(KafkaStreams streams, ModelCatalog catalog, String model) {
    this.streams = streams;
    this.catalog = catalog;
    this.model = model;
    activations = new ActivationStore(model);
  }

  /** Returns why no version can serve; empty if one can, or while the stores are restored. */
  Optional<String> problem() {
    try {
      ReadOnlyKeyValueStore<String, byte[]> models = store(ForecastTopology.MODELS);
      Activations current = activations.read(store(ForecastTopology.ACTIVATIONS));
      boolean isServable =
          current.heads(Role.SERVE).stream().anyMatch(head -> isUsable(head, models))
              || current.findForAll(
                      Role.SERVE, Long.MAX_VALUE, activation -> isUsable(activation, models))
                  != null;
      return isServable ? Optional.empty() : Optional.of(describe());
    } catch (InvalidStateStoreException e) {
      return Optional.empty();
    }
  }

  private ReadOnlyKeyValueStore<String, byte[]> store(String name) {
    return streams.store(
        StoreQueryParameters.fromNameAndType(
            name, QueryableStoreTypes.<String, byte[]>keyValueStore()));
  }

  private boolean isUsable(Activation activation, ReadOnlyKeyValueStore<String, byte[]> models) {
    return catalog.find(activation.version(), models::get) != null;
  }

  private String describe() {
    Map<ModelVersion, String> rejected = catalog.contents().rejected();
    return rejected.isEmpty()
        ? "no version of model %s is active".formatted(model)
        : "no version of model %s can serve: %s"
            .formatted(
                model,
                rejected.entrySet().stream()
                    .map(entry -> entry.getKey().shortSha() + ": " + entry.getValue())
                    .collect(Collectors.joining("; ")));
  }
}
