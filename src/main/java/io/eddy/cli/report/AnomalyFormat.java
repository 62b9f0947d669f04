package io.eddy.cli.report;

import io.eddy.cli.terminal.Figures;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.forecast.anomaly.AnomalyScore;
import io.eddy.forecast.anomaly.AnomalyScore.Change;
import io.eddy.forecast.anomaly.Episode;
import io.eddy.kafka.record.AnomalyCodec;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.record.PublishedAnomaly;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Formats anomalies. The JSON form is that of {@code forecasts.format=json}. */
public final class AnomalyFormat implements TopicFormat {
  private final AnomalyCodec codec;
  private final AnomalyCodec json;

  /**
   * Creates a format.
   *
   * @param output encoding of the topic, with the schema registry, if any
   */
  public AnomalyFormat(OutputFormat output, String topic) {
    codec = new AnomalyCodec(output, topic);
    json = new AnomalyCodec(new OutputFormat(OutputFormat.Format.JSON, null), topic);
  }

  @Override
  public String json(ConsumerRecord<byte[], byte[]> record) {
    return new String(json.encode(decode(record)), StandardCharsets.UTF_8);
  }

  @Override
  public String line(ConsumerRecord<byte[], byte[]> record) {
    PublishedAnomaly published = decode(record);
    Anomaly anomaly = published.anomaly();
    AnomalyScore score = anomaly.score();
    String step =
        "%s  %s  value %s, expected %s to %s, score %s"
            .formatted(
                published.series(),
                Instant.ofEpochMilli(anomaly.timestampMs()),
                figure(anomaly.value()),
                figure(score.expected().low()),
                figure(score.expected().high()),
                Figures.digits(score.score()));
    Episode episode = score.episode();
    return episode == null ? step : step + "  " + episode(score.change(), episode);
  }

  private static String episode(Change change, Episode episode) {
    return switch (change) {
      case BEGIN -> "%s begins: %s".formatted(episode.kind().text(), episode.reason());
      case END ->
          "%s since %s ends after %d steps: %s"
              .formatted(
                  episode.kind().text(),
                  Instant.ofEpochMilli(episode.beginMs()),
                  episode.steps(),
                  episode.reason());
      case NONE, CONTINUE ->
          "in the %s since %s"
              .formatted(episode.kind().text(), Instant.ofEpochMilli(episode.beginMs()));
    };
  }

  private static String figure(double number) {
    return Double.isNaN(number) ? "none" : Figures.digits(number);
  }

  private PublishedAnomaly decode(ConsumerRecord<byte[], byte[]> record) {
    return codec.decode(TopicFormat.key(record), TopicFormat.value(record));
  }
}
