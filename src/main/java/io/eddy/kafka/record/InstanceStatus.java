package io.eddy.kafka.record;

import io.eddy.forecast.Forecast;
import io.eddy.model.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What an instance has loaded and refused, and how many series each version serves there.
 *
 * @param at when this was so
 * @param versions loaded and refused
 * @param series of the partitions that the instance works on
 */
public record InstanceStatus(Id id, Instant at, Versions versions, List<SeriesCount> series) {

  /** Which instance, of which model's forecasters. */
  public record Id(String application, String instance, String model) {}

  /**
   * Versions of the activations that series asked for.
   *
   * @param refused reasons by version
   */
  public record Versions(List<ModelVersion> loaded, Map<ModelVersion, String> refused) {
    public Versions {
      loaded = List.copyOf(loaded);
      refused = Map.copyOf(refused);
    }
  }

  /**
   * Series of a partition whose state belongs to one version and epoch.
   *
   * @param waiting how many of them are still to move to another version
   */
  public record SeriesCount(int partition, Forecast.Served served, long series, long waiting) {}

  public InstanceStatus {
    series = List.copyOf(series);
  }
}
