package io.eddy.kafka.status;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.InstanceStatus;
import io.eddy.kafka.record.InstanceStatus.SeriesCount;
import io.eddy.kafka.record.InstanceStatusCodec;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The latest status of each instance of an application.
 *
 * @param instances the newest status first
 */
public record StatusBoard(List<InstanceStatus> instances) {
  /** An instance without a report for this time was killed or hangs. */
  public static final Duration SILENT_AFTER = StatusReporter.HEARTBEAT.multipliedBy(3);

  public StatusBoard {
    instances =
        instances.stream().sorted(Comparator.comparing(InstanceStatus::at).reversed()).toList();
  }

  /**
   * Reads the status topic.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @throws BrokerException if no broker answers or the topic is missing
   */
  public static StatusBoard read(
      Map<String, Object> client, String topic, String application, String model) {
    InstanceStatusCodec codec = new InstanceStatusCodec();
    Map<String, InstanceStatus> found = new HashMap<>();
    new TopicReader(client)
        .read(
            topic,
            record -> {
              if (record.key() == null) {
                return;
              }
              String key = new String(record.key(), StandardCharsets.UTF_8);
              found.remove(key);
              if (record.value() != null) {
                try {
                  found.put(key, codec.decode(record.value()));
                } catch (InvalidRecordException e) {
                  // Not a status record.
                }
              }
            });
    return new StatusBoard(
        found.values().stream()
            .filter(status -> status.id().application().equals(application))
            .filter(status -> status.id().model().equals(model))
            .toList());
  }

  /** Returns whether an instance has not reported for {@link #SILENT_AFTER}. */
  public static boolean isSilent(InstanceStatus status, Instant now) {
    return status.at().plus(SILENT_AFTER).isBefore(now);
  }

  /**
   * Returns the number of series by version and epoch, the highest epoch first. If two instances
   * report the same partition, as during a rebalance or after one was killed, the newer report
   * counts.
   */
  public Map<Forecast.Served, Long> series() {
    return sum(SeriesCount::series);
  }

  /** Returns the number of these series with a pending migration. */
  public Map<Forecast.Served, Long> waiting() {
    return sum(SeriesCount::waiting);
  }

  private Map<Forecast.Served, Long> sum(ToLongFunction<SeriesCount> value) {
    Map<Forecast.Served, Long> counts =
        new TreeMap<>(
            Comparator.comparingLong(Forecast.Served::epoch)
                .reversed()
                .thenComparing(Forecast.Served::version));
    Set<Integer> counted = new HashSet<>();
    for (InstanceStatus instance : instances) {
      Set<Integer> partitions = new HashSet<>();
      for (SeriesCount count : instance.series()) {
        if (!counted.contains(count.partition())) {
          counts.merge(count.served(), value.applyAsLong(count), Long::sum);
          partitions.add(count.partition());
        }
      }
      counted.addAll(partitions);
    }
    return counts;
  }
}
