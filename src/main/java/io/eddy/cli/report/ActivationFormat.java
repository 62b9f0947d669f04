package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.topics.PartitionHistory;
import io.eddy.rollout.Activation;
import io.eddy.rollout.ActivationText;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Formats activations. */
public final class ActivationFormat implements TopicFormat {
  private final ActivationCodec codec = new ActivationCodec();

  @Override
  public String line(ConsumerRecord<byte[], byte[]> record) {
    Activation activation = decode(record);
    String reason = activation.reason();
    return "%s  %s%s"
        .formatted(
            Instant.ofEpochMilli(record.timestamp()),
            ActivationText.describe(activation),
            reason.isEmpty() ? "" : "; reason: " + reason);
  }

  @Override
  public String json(ConsumerRecord<byte[], byte[]> record) {
    Activation activation = decode(record);
    return Json.write(new OfModel(activation.model(), ActivationReport.of(activation)));
  }

  @Override
  public boolean isShown(ConsumerRecord<byte[], byte[]> record) {
    return !PartitionHistory.isKey(TopicFormat.key(record));
  }

  private Activation decode(ConsumerRecord<byte[], byte[]> record) {
    return codec.decode(TopicFormat.key(record), TopicFormat.value(record));
  }

  private record OfModel(String model, @JsonUnwrapped ActivationReport activation) {}
}
