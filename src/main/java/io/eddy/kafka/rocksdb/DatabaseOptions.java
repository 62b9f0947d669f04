package io.eddy.kafka.rocksdb;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;

/** Configures each database of Kafka Streams. Kafka creates an instance per database. */
public final class DatabaseOptions implements RocksDBConfigSetter {
  private @Nullable SharedMemory memory;

  @Override
  public void setConfig(String store, Options options, Map<String, Object> properties) {
    SharedMemory shared =
        (SharedMemory) Objects.requireNonNull(properties.get(SharedMemory.PROPERTY));
    shared.configure(options);
    memory = shared;
  }

  /** Closes nothing native: the cache belongs to all databases. */
  @Override
  public void close(String store, Options options) {
    if (memory != null) {
      memory.release();
      memory = null;
    }
  }
}
