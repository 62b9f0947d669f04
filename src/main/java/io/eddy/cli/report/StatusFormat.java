package io.eddy.cli.report;

import io.eddy.kafka.record.InstanceStatus;
import io.eddy.kafka.record.InstanceStatus.SeriesCount;
import io.eddy.kafka.record.InstanceStatusCodec;
import io.eddy.model.ModelVersion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Formats the status of instances. A tombstone is written by an instance that stops. */
public final class StatusFormat implements TopicFormat {
  private final InstanceStatusCodec codec = new InstanceStatusCodec();

  @Override
  public String line(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return TopicFormat.key(record) + "  stopped";
    }
    InstanceStatus status = codec.decode(record.value());
    StringBuilder line = new StringBuilder();
    line.append(status.at()).append("  ").append(TopicFormat.key(record));
    line.append("  model ").append(status.id().model());
    line.append(": series ").append(sum(status, false));
    line.append(", pending migrations ").append(sum(status, true));
    line.append(", loaded ").append(names(status.versions().loaded()));
    status
        .versions()
        .refused()
        .forEach(
            (version, reason) ->
                line.append("; rejected ").append(version.shortSha()).append(": ").append(reason));
    return line.toString();
  }

  private static long sum(InstanceStatus status, boolean isPending) {
    return status.series().stream()
        .mapToLong(count -> isPending ? count.waiting() : count.series())
        .sum();
  }

  private static String names(List<ModelVersion> versions) {
    return versions.isEmpty()
        ? "none"
        : versions.stream().map(ModelVersion::shortSha).collect(Collectors.joining(", "));
  }

  @Override
  public String json(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return Json.write(Map.of("key", TopicFormat.key(record), "stopped", true));
    }
    InstanceStatus status = codec.decode(record.value());
    Map<String, String> rejected = new TreeMap<>();
    status.versions().refused().forEach((version, reason) -> rejected.put(version.sha(), reason));
    return Json.write(
        new Instance(
            status.id().application(),
            status.id().instance(),
            status.id().model(),
            status.at().toString(),
            status.versions().loaded().stream().map(ModelVersion::sha).toList(),
            rejected,
            status.series().stream().map(Count::of).toList()));
  }

  private record Instance(
      String application,
      String instance,
      String model,
      String at,
      List<String> loaded,
      Map<String, String> rejected,
      List<Count> series) {}

  private record Count(int partition, String version, long epoch, long series, long pending) {
    static Count of(SeriesCount count) {
      return new Count(
          count.partition(),
          count.served().version().sha(),
          count.served().epoch(),
          count.series(),
          count.waiting());
    }
  }
}
