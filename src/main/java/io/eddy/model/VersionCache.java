package io.eddy.model;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A cache by model version that evicts the least recently used entry. Used by one thread at a time.
 *
 * @param <T> type of the cached values
 */
public final class VersionCache<T> {
  private final int capacity;
  private final Map<ModelVersion, T> entries = new LinkedHashMap<>(16, 0.75f, true);

  /** Creates a cache of at most {@code capacity} versions. */
  public VersionCache(int capacity) {
    this.capacity = capacity;
  }

  /** Returns the value of a version, or null if it is absent. */
  public @Nullable T get(ModelVersion version) {
    return entries.get(version);
  }

  /** Removes the value of a version. */
  public void remove(ModelVersion version) {
    entries.remove(version);
  }

  /** Applies an action to every entry without counting as a use. */
  public void forEach(BiConsumer<ModelVersion, T> action) {
    entries.forEach(action);
  }

  public void put(ModelVersion version, T value) {
    entries.put(version, value);
    if (entries.size() > capacity) {
      Iterator<ModelVersion> oldest = entries.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }
}
