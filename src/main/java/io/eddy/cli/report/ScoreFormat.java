package io.eddy.cli.report;

import io.eddy.cli.terminal.Figures;
import io.eddy.forecast.Score;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.kafka.record.ScoreCodec;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Formats scores. The JSON form is that of {@code forecasts.format=json}. */
public final class ScoreFormat implements TopicFormat {
  private final ScoreCodec codec;
  private final ScoreCodec json;

  /**
   * Creates a format.
   *
   * @param output encoding of the topic, with the schema registry, if any
   */
  public ScoreFormat(OutputFormat output, String topic) {
    codec = new ScoreCodec(output, topic);
    json = new ScoreCodec(new OutputFormat(OutputFormat.Format.JSON, null), topic);
  }

  @Override
  public String json(ConsumerRecord<byte[], byte[]> record) {
    return new String(json.encode(decode(record)), StandardCharsets.UTF_8);
  }

  @Override
  public String line(ConsumerRecord<byte[], byte[]> record) {
    PublishedScore published = decode(record);
    Score score = published.score();
    String begin = ForecastFormat.origin(score.origin());
    String end =
        "  %s, %s"
            .formatted(
                published.role().name().toLowerCase(Locale.ROOT),
                ForecastFormat.served(score.origin()));
    return published.failure() != null
        ? begin + "  no forecast: " + published.failure() + end
        : begin + "  " + errors(score) + coverage(score) + end;
  }

  private PublishedScore decode(ConsumerRecord<byte[], byte[]> record) {
    return codec.decode(TopicFormat.key(record), TopicFormat.value(record));
  }

  private static String errors(Score score) {
    MeanError model = new MeanError();
    MeanError naive = new MeanError();
    model.add(score.absoluteError());
    naive.add(score.naiveAbsoluteError());
    if (model.count() == 0) {
      return "no actual values";
    }
    String name = score.crossEntropy().length > 0 ? "error rate " : "MAE ";
    return name
        + Figures.digits(model.mean())
        + (naive.count() == 0 ? "" : ", seasonal naive " + Figures.digits(naive.mean()));
  }

  private static String coverage(Score score) {
    CentralBand band = CentralBand.of(score.quantileLevels());
    if (band == null || score.coverage().length == 0) {
      return "";
    }
    // Coverage counts values at or below a quantile.
    float inside = score.coverage()[band.upper()] - score.coverage()[band.lower()];
    return Float.isNaN(inside)
        ? ""
        : String.format(Locale.ROOT, ", %.0f %% within the %s interval", 100 * inside, band.name());
  }
}
