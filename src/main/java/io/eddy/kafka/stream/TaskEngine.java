package io.eddy.kafka.stream;

import io.eddy.engine.PartitionEngine;
import io.eddy.engine.VersionSelector;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.state.KafkaPartitionStore;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Creates the engine of a task over its state stores. */
final class TaskEngine {
  private TaskEngine() {}

  static PartitionEngine create(
      StreamSettings settings, ModelCatalog catalog, ProcessorContext<byte[], byte[]> context) {
    StreamPolicies policies = settings.policies();
    GlobalStoreModels models =
        new GlobalStoreModels(
            settings.model(),
            catalog,
            context.getStateStore(ForecastTopology.ACTIVATIONS),
            context.getStateStore(ForecastTopology.MODELS));
    KafkaPartitionStore.Stores stores =
        new KafkaPartitionStore.Stores(
            context.getStateStore(ForecastTopology.STATES),
            context.getStateStore(ForecastTopology.WINDOWS),
            context.getStateStore(ForecastTopology.SHADOWS),
            policies.lateness().isRevising()
                ? context.getStateStore(ForecastTopology.UNDO_LOGS)
                : null);
    return new PartitionEngine(
        new PartitionEngine.Rules(
            settings.model(),
            policies.lateness(),
            policies.series(),
            policies.anomalies(),
            policies.alerts()),
        new VersionSelector(models, policies.models().migration()),
        new KafkaPartitionStore(stores));
  }
}
