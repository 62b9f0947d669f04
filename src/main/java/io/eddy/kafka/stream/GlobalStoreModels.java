package io.eddy.kafka.stream;

import io.eddy.engine.ModelResolver;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activations;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Finds activations and versions in the global stores. */
final class GlobalStoreModels implements ModelResolver {
  private final ModelCatalog catalog;
  private final ActivationStore reader;
  private final ReadOnlyKeyValueStore<String, byte[]> activations;
  private final ReadOnlyKeyValueStore<String, byte[]> models;

  /**
   * Creates a resolver.
   *
   * @param model name of the model
   * @param activations global store of activations
   * @param models global store of manifests and parts
   */
  GlobalStoreModels(
      String model,
      ModelCatalog catalog,
      ReadOnlyKeyValueStore<String, byte[]> activations,
      ReadOnlyKeyValueStore<String, byte[]> models) {
    this.catalog = catalog;
    this.activations = activations;
    this.models = models;
    reader = new ActivationStore(model);
  }

  @Override
  public long changes() {
    return catalog.changes();
  }

  @Override
  public Activations activations() {
    return reader.read(activations);
  }

  @Override
  public @Nullable Model find(ModelVersion version) {
    return catalog.find(version, models::get);
  }
}
