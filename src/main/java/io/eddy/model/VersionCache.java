package io.eddy.model;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What was made for the versions used last. One more than there is room for lets that go which was
 * unused for longest. Used by one thread at a time.
 *
 * @param <T> what is made for a version
 */
public final class VersionCache<T> {
  private final int capacity;
  private final Map<ModelVersion, T> made = new LinkedHashMap<>(16, 0.75f, true);

  /** Room for {@code capacity} versions. */
  public VersionCache(int capacity) {
    this.capacity = capacity;
  }

  /** What was made for the version, or null where it was not or is let go. */
  public @Nullable T get(ModelVersion version) {
    return made.get(version);
  }

  /** Forgets what was made for the version. */
  public void remove(ModelVersion version) {
    made.remove(version);
  }

  /** Passes over what there is, without counting as a use. */
  public void forEach(BiConsumer<ModelVersion, T> action) {
    made.forEach(action);
  }

  public void put(ModelVersion version, T value) {
    made.put(version, value);
    if (made.size() > capacity) {
      Iterator<ModelVersion> oldest = made.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }
}
