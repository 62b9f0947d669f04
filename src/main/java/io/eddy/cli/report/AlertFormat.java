package io.eddy.cli.report;

import io.eddy.forecast.alert.Alert;
import io.eddy.kafka.record.AlertCodec;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.record.PublishedAlert;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Formats alerts. The JSON form is that of {@code forecasts.format=json}. */
public final class AlertFormat implements TopicFormat {
  private final AlertCodec codec;
  private final AlertCodec json;

  /**
   * Creates a format.
   *
   * @param output encoding of the topic, with the schema registry, if any
   */
  public AlertFormat(OutputFormat output, String topic) {
    codec = new AlertCodec(output, topic);
    json = new AlertCodec(new OutputFormat(OutputFormat.Format.JSON, null), topic);
  }

  @Override
  public String json(ConsumerRecord<byte[], byte[]> record) {
    return new String(json.encode(decode(record)), StandardCharsets.UTF_8);
  }

  @Override
  public String line(ConsumerRecord<byte[], byte[]> record) {
    Alert alert = decode(record).alert();
    return "%s  %s  %s: %s  %s"
        .formatted(
            ForecastFormat.origin(alert.origin()),
            alert.change().name().toLowerCase(Locale.ROOT),
            alert.rule().name(),
            alert.reason(),
            ForecastFormat.served(alert.origin()));
  }

  private PublishedAlert decode(ConsumerRecord<byte[], byte[]> record) {
    return codec.decode(TopicFormat.key(record), TopicFormat.value(record));
  }
}
