package io.eddy.kafka.stream;

import io.eddy.kafka.registry.ModelCatalog;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Writes a topic's records into a global store and notifies the catalog of the change. */
final class GlobalStoreUpdater implements Processor<String, byte[], Void, Void> {
  private final String storeName;
  private final ModelCatalog catalog;
  private @Nullable KeyValueStore<String, byte[]> store;

  GlobalStoreUpdater(String storeName, ModelCatalog catalog) {
    this.storeName = storeName;
    this.catalog = catalog;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    store = context.getStateStore(storeName);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    KeyValueStore<String, byte[]> target = Objects.requireNonNull(store, "not initialized");
    if (record.key() == null) {
      return;
    }
    if (record.value() == null) {
      target.delete(record.key());
    } else {
      target.put(record.key(), record.value());
    }
    catalog.changed();
  }
}
