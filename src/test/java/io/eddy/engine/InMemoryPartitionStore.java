package io.eddy.engine;

import io.eddy.admission.ActiveSeriesCounter;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StoredState;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keeps the series of a partition on the heap. */
final class InMemoryPartitionStore implements PartitionStore {
  private final NavigableMap<String, SeriesStore> series = new TreeMap<>();
  private final NavigableMap<String, SeriesStore> shadows = new TreeMap<>();
  private long @Nullable [] counter;

  @Override
  public SeriesStore series(String name) {
    return series.computeIfAbsent(name, key -> new InMemorySeriesStore());
  }

  @Override
  public void delete(String name) {
    series.remove(name);
  }

  @Override
  public SeriesStore shadow(String name) {
    return shadows.computeIfAbsent(name, key -> new InMemorySeriesStore());
  }

  @Override
  public boolean mayHaveShadows() {
    return !shadows.isEmpty();
  }

  @Override
  public void deleteShadow(String name) {
    shadows.remove(name);
  }

  @Override
  public boolean sweepShadows(Predicate<String> isKept) {
    shadows.keySet().removeIf(name -> !isKept.test(name));
    return true;
  }

  @Override
  public Page states(@Nullable String from, int limit) {
    List<Entry> entries = new ArrayList<>();
    for (String name : from == null ? series.keySet() : series.tailMap(from).keySet()) {
      StoredState state = series(name).get(StateKey.STATE);
      if (state != null) {
        if (entries.size() == limit) {
          return new Page(entries, name);
        }
        entries.add(new Entry(name, state));
      }
    }
    return new Page(entries, null);
  }

  @Override
  public boolean restore(ActiveSeriesCounter restored) {
    return counter != null && restored.restore(counter);
  }

  @Override
  public void save(ActiveSeriesCounter saved) {
    counter = saved.snapshot();
  }

  @Override
  public void deleteCounter() {
    counter = null;
  }

  long @Nullable [] counter() {
    return counter;
  }

  @Override
  public boolean isStoreFailure(RuntimeException exception) {
    return false;
  }
}
