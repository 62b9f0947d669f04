package io.eddy.kafka.state;

import io.eddy.admission.ActiveSeriesCounter;
import io.eddy.engine.PartitionStore;
import io.eddy.series.store.SeriesStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Keeps the series of one partition in the state stores of a task. */
public final class KafkaPartitionStore implements PartitionStore {
  private final Stores stores;
  private final ShadowStore shadows;
  private final KafkaSeriesStore.Stores serving;
  private final KafkaSeriesStore.Stores shadowing;

  /**
   * The state stores of a task.
   *
   * @param states of the series, by series
   * @param windows the other parts of the series, and the counter of active series
   * @param shadows states and other parts of the shadows
   * @param undo undo logs; null if late observations do not revise
   */
  public record Stores(
      KeyValueStore<String, byte[]> states,
      KeyValueStore<Bytes, byte[]> windows,
      KeyValueStore<Bytes, byte[]> shadows,
      @Nullable KeyValueStore<Bytes, byte[]> undo) {}

  public KafkaPartitionStore(Stores stores) {
    this.stores = stores;
    shadows = new ShadowStore(stores.shadows());
    serving =
        new KafkaSeriesStore.Stores(
            new States(stores.states()),
            new Parts(stores.windows()),
            stores.undo() == null ? null : new Parts(stores.undo()));
    shadowing = new KafkaSeriesStore.Stores(null, shadows, null);
  }

  private record States(KeyValueStore<String, byte[]> store)
      implements KafkaSeriesStore.StateStore {
    @Override
    public byte @Nullable [] get(String series) {
      return store.get(series);
    }

    @Override
    public void put(String series, byte @Nullable [] state) {
      store.put(series, state);
    }
  }

  private record Parts(KeyValueStore<Bytes, byte[]> store) implements ByteStore {
    @Override
    public byte @Nullable [] get(Bytes key) {
      return store.get(key);
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
      store.put(key, value);
    }
  }

  @Override
  public SeriesStore series(String series) {
    return new KafkaSeriesStore(series, serving);
  }

  @Override
  public void delete(String series) {
    stores.states().delete(series);
    delete(stores.windows(), StoreKeys.firstPart(series), StoreKeys.lastPart(series));
    if (stores.undo() != null) {
      delete(stores.undo(), StoreKeys.firstUndo(series), StoreKeys.lastUndo(series));
    }
  }

  /** Deletes the keys of a range that have the length of its bounds. */
  static void delete(KeyValueStore<Bytes, byte[]> store, Bytes first, Bytes last) {
    List<Bytes> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> range = store.range(first, last)) {
      while (range.hasNext()) {
        Bytes key = range.next().key;
        // Keys of other series whose names begin with the same bytes are longer.
        if (key.get().length == first.get().length) {
          found.add(key);
        }
      }
    }
    found.forEach(store::delete);
  }

  @Override
  public SeriesStore shadow(String series) {
    return new KafkaSeriesStore(series, shadowing);
  }

  @Override
  public boolean mayHaveShadows() {
    return shadows.mayHold();
  }

  @Override
  public void deleteShadow(String series) {
    shadows.delete(series);
  }

  @Override
  public boolean sweepShadows(Predicate<String> isKept) {
    return shadows.sweep(isKept);
  }

  @Override
  public Page states(@Nullable String from, int limit) {
    List<Entry> entries = new ArrayList<>();
    KeyValueStore<String, byte[]> states = stores.states();
    try (KeyValueIterator<String, byte[]> rest =
        from == null ? states.all() : states.range(from, null)) {
      while (entries.size() < limit && rest.hasNext()) {
        KeyValue<String, byte[]> next = rest.next();
        entries.add(new Entry(next.key, new EncodedState(next.value)));
      }
      return new Page(entries, rest.hasNext() ? rest.peekNextKey() : null);
    }
  }

  @Override
  public boolean restore(ActiveSeriesCounter counter) {
    byte[] stored = stores.windows().get(StoreKeys.ACTIVE_SERIES);
    return stored != null && ActiveSeriesCounterCodec.restore(counter, stored);
  }

  @Override
  public void save(ActiveSeriesCounter counter) {
    stores.windows().put(StoreKeys.ACTIVE_SERIES, ActiveSeriesCounterCodec.encode(counter));
  }

  @Override
  public void deleteCounter() {
    if (stores.windows().get(StoreKeys.ACTIVE_SERIES) != null) {
      stores.windows().delete(StoreKeys.ACTIVE_SERIES);
    }
  }

  @Override
  public boolean isStoreFailure(RuntimeException exception) {
    return exception instanceof KafkaException;
  }
}
