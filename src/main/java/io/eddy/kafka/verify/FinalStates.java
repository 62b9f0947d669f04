package io.eddy.kafka.verify;

import io.eddy.series.store.InMemorySeriesStore;

/** Receives the series as they are after the last event that was processed. */
@FunctionalInterface
public interface FinalStates {
  /**
   * Receives a series.
   *
   * @param isExact whether the state equals the stream's bit for bit, because no event and no
   *     version that it depends on was deleted
   */
  void accept(int partition, String series, InMemorySeriesStore parts, boolean isExact);
}
