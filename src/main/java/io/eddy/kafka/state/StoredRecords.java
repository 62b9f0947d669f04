package io.eddy.kafka.state;

import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.StoreKey;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Encodes series as the records of their changelog topics. */
public final class StoredRecords {
  private final Sink sink;

  /** Receives records. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Receives a record.
     *
     * @param store the form of its key, which tells the store
     */
    void put(StoredKey store, byte[] key, byte[] value);
  }

  public StoredRecords(Sink sink) {
    this.sink = sink;
  }

  /** Passes the records of a series to the sink. */
  public void put(String series, InMemorySeriesStore parts) {
    KafkaSeriesStore encoded =
        new KafkaSeriesStore(
            series,
            new KafkaSeriesStore.Stores(
                new States(), new Parts(StoredKey.PART), new Parts(StoredKey.UNDO)));
    parts.forEach((key, value) -> put(encoded, key, value));
  }

  @SuppressWarnings("unchecked")
  private static <V> void put(KafkaSeriesStore store, StoreKey<?> key, Object value) {
    store.put((StoreKey<V>) key, (V) value);
  }

  private final class States implements KafkaSeriesStore.StateStore {
    @Override
    public byte @Nullable [] get(String series) {
      return null;
    }

    @Override
    public void put(String series, byte @Nullable [] state) {
      if (state != null) {
        sink.put(StoredKey.STATE, series.getBytes(StandardCharsets.UTF_8), state);
      }
    }
  }

  private final class Parts implements ByteStore {
    private final StoredKey store;

    Parts(StoredKey store) {
      this.store = store;
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
      return null;
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
      if (value != null) {
        sink.put(store, key.get(), value);
      }
    }
  }
}
