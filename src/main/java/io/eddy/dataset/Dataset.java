package io.eddy.dataset;

import java.util.List;

/**
 * Observations of several series.
 *
 * @param series each with its own name
 * @param source the file or topic they were read from
 */
public record Dataset(List<SeriesData> series, String source) {
  /** Returns the time of the last observation, epoch milliseconds; 0 if there is none. */
  public long lastTimestampMs() {
    return series.stream()
        .filter(one -> one.size() > 0)
        .mapToLong(one -> one.timestampsMs()[one.size() - 1])
        .max()
        .orElse(0);
  }
}
