package io.eddy.kafka.state;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** The state stores of a task, on the heap. */
final class TaskStores {
  final KeyValueStore<String, byte[]> states = store("states", Serdes.String());
  final KeyValueStore<Bytes, byte[]> windows = store("windows", Serdes.Bytes());
  final KeyValueStore<Bytes, byte[]> shadows = store("shadows", Serdes.Bytes());
  final KeyValueStore<Bytes, byte[]> undo = store("undo", Serdes.Bytes());

  KafkaPartitionStore partition() {
    return new KafkaPartitionStore(new KafkaPartitionStore.Stores(states, windows, shadows, undo));
  }

  private static <K> KeyValueStore<K, byte[]> store(String name, Serde<K> keys) {
    KeyValueStore<K, byte[]> store =
        Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), keys, Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
    return store;
  }
}
