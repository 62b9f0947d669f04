package io.eddy.series.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A copy-on-write view of another store: changes stay on the heap and hide the base's values until
 * {@link #commit} writes them there.
 */
public final class OverlaySeriesStore implements SeriesStore {
  private final SeriesStore base;

  /** Changed values by key; null where the value is deleted. */
  private final Map<StoreKey<?>, @Nullable Object> changes = new HashMap<>();

  public OverlaySeriesStore(SeriesStore base) {
    this.base = base;
  }

  @Override
  public <V> @Nullable V get(StoreKey<V> key) {
    Object changed = changes.get(key);
    if (changed != null) {
      return key.valueType().cast(changed);
    }
    return changes.containsKey(key) ? null : base.get(key);
  }

  @Override
  public <V> void put(StoreKey<V> key, V value) {
    changes.put(key, value);
  }

  @Override
  public void delete(StoreKey<?> key) {
    changes.put(key, null);
  }

  /** Writes all changes to the base. */
  public void commit() {
    changes.forEach((key, value) -> write(base, key, value));
    changes.clear();
  }

  private static <V> void write(SeriesStore store, StoreKey<V> key, @Nullable Object value) {
    if (value == null) {
      store.delete(key);
    } else {
      store.put(key, key.valueType().cast(value));
    }
  }

  /** Drops deletions, for a base that holds no value under any of the deleted keys. */
  public void discardDeletions() {
    changes.values().removeIf(Objects::isNull);
  }
}
