package io.eddy.kafka.state;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Bytes under keys: a state store, or what stands in for one where a stream is replayed. */
public interface ByteStore {
  byte @Nullable [] get(Bytes key);

  /** Keeps a value under a key; null deletes what is there. */
  void put(Bytes key, byte @Nullable [] value);

  static ByteStore of(KeyValueStore<Bytes, byte[]> store) {
    return new ByteStore() {
      @Override
      public byte @Nullable [] get(Bytes key) {
        return store.get(key);
      }

      @Override
      public void put(Bytes key, byte @Nullable [] value) {
        store.put(key, value);
      }
    };
  }

  /** On the heap. */
  static ByteStore inMemory() {
    Map<Bytes, byte[]> entries = new HashMap<>();
    return new ByteStore() {
      @Override
      public byte @Nullable [] get(Bytes key) {
        return entries.get(key);
      }

      @Override
      public void put(Bytes key, byte @Nullable [] value) {
        if (value == null) {
          entries.remove(key);
        } else {
          entries.put(key, value);
        }
      }
    };
  }
}
