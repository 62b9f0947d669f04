package io.eddy.kafka.verify;

import io.eddy.kafka.record.ForecastCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Replays of recorded partitions. */
public final class PartitionReplays {
  private PartitionReplays() {}

  /**
   * Verifies a partition from an event on.
   *
   * @return empty if the replay is not conclusive
   */
  public static Optional<VerifyReport> from(
      PartitionVerifier.Context context,
      VerifyScope scope,
      int event,
      List<ConsumerRecord<byte[], byte[]>> events,
      List<ConsumerRecord<byte[], byte[]>> forecasts) {
    VerifyReport.Builder report = new VerifyReport.Builder(scope.limit());
    PartitionVerifier.Offsets offsets =
        new PartitionVerifier.Offsets(0, 0, events.size(), events.size(), false).from(event);
    PartitionVerifier.Replay replay =
        new PartitionVerifier(context, offsets, scope, report)
            .begin(
                events.subList(event, events.size()).iterator(),
                forecasts.subList(first(forecasts, event), forecasts.size()).iterator(),
                AnomalyRecords.none(),
                offset -> {});
    replay.runTo(Long.MAX_VALUE);
    replay.finish();
    return replay.isConclusive() ? Optional.of(report.build()) : Optional.empty();
  }

  private static int first(List<ConsumerRecord<byte[], byte[]>> forecasts, int event) {
    ForecastCodec codec = new ForecastCodec();
    for (int i = 0; i < forecasts.size(); i++) {
      ConsumerRecord<byte[], byte[]> record = forecasts.get(i);
      String series = new String(record.key(), StandardCharsets.UTF_8);
      if (codec.decode(series, record.value()).source().offset() >= event) {
        return i;
      }
    }
    return forecasts.size();
  }
}
