package io.eddy.series.store;

import org.jspecify.annotations.Nullable;

/** Keeps the persistent parts of one series under typed keys. Used by one thread. */
public interface SeriesStore {
  /** Returns the value under a key, or null if none exists; the caller must not modify it. */
  <V> @Nullable V get(StoreKey<V> key);

  /** Stores a value, replacing any former one; the caller must not modify it afterwards. */
  <V> void put(StoreKey<V> key, V value);

  /** Removes the value under a key, if there is one. */
  void delete(StoreKey<?> key);
}
