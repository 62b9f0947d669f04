package io.eddy.kafka.record;

import io.eddy.codec.avro.InstanceStatusRecord;
import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.InstanceStatus.SeriesCount;
import io.eddy.kafka.schema.SingleObjectEncoding;
import io.eddy.model.ModelVersion;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Encodes and decodes records of the status topic. */
public final class InstanceStatusCodec {
  private final SingleObjectEncoding<InstanceStatusRecord> records =
      new SingleObjectEncoding<>(InstanceStatusRecord.getClassSchema());

  public byte[] key(InstanceStatus.Id id) {
    return (id.application() + "/" + id.instance()).getBytes(StandardCharsets.UTF_8);
  }

  public byte[] encode(InstanceStatus status) {
    Map<String, String> refused = new HashMap<>();
    status.versions().refused().forEach((version, reason) -> refused.put(version.sha(), reason));
    return records.encode(
        new InstanceStatusRecord(
            status.id().application(),
            status.id().instance(),
            status.id().model(),
            status.at(),
            status.versions().loaded().stream().map(ModelVersion::sha).toList(),
            refused,
            status.series().stream().map(InstanceStatusCodec::record).toList(),
            status.deadLetters()));
  }

  private static io.eddy.codec.avro.SeriesCount record(SeriesCount count) {
    return new io.eddy.codec.avro.SeriesCount(
        count.partition(),
        count.served().version().sha(),
        count.served().epoch(),
        count.series(),
        count.waiting());
  }

  /**
   * Decodes a record.
   *
   * @throws InvalidRecordException if the value is not a status
   */
  public InstanceStatus decode(byte[] value) {
    InstanceStatusRecord message = records.decode(value);
    try {
      Map<ModelVersion, String> refused = new HashMap<>();
      message.getRefused().forEach((sha, reason) -> refused.put(new ModelVersion(sha), reason));
      List<SeriesCount> series =
          message.getSeries().stream()
              .map(
                  count ->
                      new SeriesCount(
                          count.getPartition(),
                          new Forecast.Served(
                              new ModelVersion(count.getVersion()), count.getEpoch()),
                          count.getSeries(),
                          count.getWaiting()))
              .toList();
      return new InstanceStatus(
          new InstanceStatus.Id(
              message.getApplication(), message.getInstance(), message.getModel()),
          Instant.ofEpochMilli(message.getAt().toEpochMilli()),
          new InstanceStatus.Versions(
              message.getLoaded().stream().map(ModelVersion::new).toList(), refused),
          series,
          message.getDeadLetters());
    } catch (IllegalArgumentException e) {
      throw new InvalidRecordException("status: %s", e.getMessage());
    }
  }
}
