package io.eddy.kafka.record;

import io.eddy.forecast.Forecast;
import io.eddy.model.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Status of an instance: its loaded and rejected versions, and the number of series per version.
 *
 * @param at time of the status
 * @param series counts of the partitions assigned to the instance
 * @param deadLetters number of dead letters since the instance started, by kind of reason
 */
public record InstanceStatus(
    Id id, Instant at, Versions versions, List<SeriesCount> series, Map<String, Long> deadLetters) {

  /**
   * Identity of an instance.
   *
   * @param application application id
   * @param instance unique per start of a process
   */
  public record Id(String application, String instance, String model) {}

  /**
   * Versions that activations required.
   *
   * @param refused rejected versions, with the reasons
   */
  public record Versions(List<ModelVersion> loaded, Map<ModelVersion, String> refused) {
    public Versions {
      loaded = List.copyOf(loaded);
      refused = Map.copyOf(refused);
    }
  }

  /**
   * Number of series in a partition whose state belongs to one version and epoch.
   *
   * @param waiting number of them with a pending migration
   */
  public record SeriesCount(int partition, Forecast.Served served, long series, long waiting) {}

  public InstanceStatus {
    series = List.copyOf(series);
    deadLetters = Map.copyOf(deadLetters);
  }
}
