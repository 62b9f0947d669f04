package io.eddy.engine;

import io.eddy.admission.ActiveSeriesCounter;
import io.eddy.forecast.step.StoredState;
import io.eddy.series.store.SeriesStore;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The stored series of one partition. Used by one thread. */
public interface PartitionStore {
  /** Returns the store of a series. */
  SeriesStore series(String series);

  /** Deletes everything stored of a series, except its shadow. */
  void delete(String series);

  /** Returns the store of a series' shadow. */
  SeriesStore shadow(String series);

  /** Returns false if no shadow is stored. */
  boolean mayHaveShadows();

  /** Deletes everything stored of a series' shadow. */
  void deleteShadow(String series);

  /**
   * Deletes stored shadows, a limited number per call.
   *
   * @param isKept whether the shadow of a series stays
   * @return whether all shadows were visited since the last call that returned true
   */
  boolean sweepShadows(Predicate<String> isKept);

  /**
   * Reads states in a fixed order of the series.
   *
   * @param from the first series to read; null for the first of all
   */
  Page states(@Nullable String from, int limit);

  /**
   * Some of the states.
   *
   * @param next the series to go on with; null at the end
   */
  record Page(List<Entry> entries, @Nullable String next) {
    public Page {
      entries = List.copyOf(entries);
    }
  }

  /** A series and its state. */
  record Entry(String series, StoredState state) {}

  /**
   * Restores the counter of active series.
   *
   * @return false if none is stored, or one of another time to live
   */
  boolean restore(ActiveSeriesCounter counter);

  /** Stores the counter of active series. */
  void save(ActiveSeriesCounter counter);

  /** Deletes the counter of active series, if one is stored. */
  void deleteCounter();

  /** Returns whether an exception means that the store failed, and processing has to stop. */
  boolean isStoreFailure(RuntimeException exception);
}
