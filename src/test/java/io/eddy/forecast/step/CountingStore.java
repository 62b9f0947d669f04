package io.eddy.forecast.step;

import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import io.eddy.series.store.StoreKey;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store that counts accesses to ring slots. */
final class CountingStore implements SeriesStore {
  private final SeriesStore store = new InMemorySeriesStore();
  private final Set<StoreKey<?>> slots = new HashSet<>();
  int reads;
  int writes;

  @Override
  public <V> @Nullable V get(StoreKey<V> key) {
    reads += key instanceof RingSlot ? 1 : 0;
    return store.get(key);
  }

  @Override
  public <V> void put(StoreKey<V> key, V value) {
    if (key instanceof RingSlot) {
      writes++;
      slots.add(key);
    }
    store.put(key, value);
  }

  @Override
  public void delete(StoreKey<?> key) {
    slots.remove(key);
    store.delete(key);
  }

  /** Returns the number of stored slots. */
  int slots() {
    return slots.size();
  }
}
