package io.eddy.dataset;

import java.util.List;

/**
 * Observations of several series.
 *
 * @param series each with its own name
 * @param source the file or topic they were read from
 */
public record Dataset(List<SeriesData> series, String source) {
  /** Returns the timestamp of the last observation, in epoch milliseconds; 0 if none exists. */
  public long lastTimestampMs() {
    return series.stream()
        .filter(data -> data.size() > 0)
        .mapToLong(data -> data.timestampsMs()[data.size() - 1])
        .max()
        .orElse(0);
  }
}
