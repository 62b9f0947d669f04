package io.eddy.series.store;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Keeps the parts of one series on the heap. */
public final class InMemorySeriesStore implements SeriesStore {
  private final Map<StoreKey<?>, Object> values = new HashMap<>();

  @Override
  public <V> @Nullable V get(StoreKey<V> key) {
    Object value = values.get(key);
    return value == null ? null : key.valueType().cast(value);
  }

  @Override
  public <V> void put(StoreKey<V> key, V value) {
    values.put(key, value);
  }

  /** Passes every part to an action. */
  public void forEach(BiConsumer<StoreKey<?>, Object> action) {
    values.forEach(action);
  }

  @Override
  public void delete(StoreKey<?> key) {
    values.remove(key);
  }
}
