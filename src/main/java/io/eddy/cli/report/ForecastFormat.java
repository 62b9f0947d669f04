package io.eddy.cli.report;

import io.eddy.cli.terminal.Figures;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.forecast.MainComponent;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.record.PublishedForecast;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Formats forecasts. The JSON form is that of {@code forecasts.format=json}. */
public final class ForecastFormat implements TopicFormat {
  private final ForecastCodec codec;
  private final ForecastCodec json;

  /**
   * Creates a format.
   *
   * @param output encoding of the topic, with the schema registry, if any
   */
  public ForecastFormat(OutputFormat output, String topic) {
    codec = new ForecastCodec(output, topic);
    json = new ForecastCodec(new OutputFormat(OutputFormat.Format.JSON, null), topic);
  }

  @Override
  public String json(ConsumerRecord<byte[], byte[]> record) {
    return new String(json.encode(decode(record)), StandardCharsets.UTF_8);
  }

  @Override
  public String line(ConsumerRecord<byte[], byte[]> record) {
    Forecast forecast = decode(record).forecast();
    StringBuilder line = new StringBuilder(origin(forecast.origin()));
    line.append("  next ").append(step(forecast, 1));
    if (forecast.horizon() > 1) {
      line.append("  step ").append(forecast.horizon()).append(' ');
      line.append(step(forecast, forecast.horizon()));
    }
    line.append("  ").append(served(forecast.origin())).append(quality(forecast.origin()));
    line.append(mainComponent(forecast));
    return line.toString();
  }

  private PublishedForecast decode(ConsumerRecord<byte[], byte[]> record) {
    return codec.decode(TopicFormat.key(record), TopicFormat.value(record));
  }

  /** Returns the series and the origin. */
  static String origin(Forecast.Origin origin) {
    return origin.series() + "  " + Instant.ofEpochMilli(origin.timestampMs());
  }

  /** Returns the version and the epoch. */
  static String served(Forecast.Origin origin) {
    return "version %s, epoch %d"
        .formatted(origin.served().version().shortSha(), origin.served().epoch());
  }

  private static String step(Forecast forecast, int step) {
    if (forecast.classes() > 0) {
      int likeliest = forecast.likeliest(step);
      return String.format(
          Locale.ROOT, "class %d (%.0f %%)", likeliest, 100 * forecast.value(step, likeliest));
    }
    CentralBand band = CentralBand.of(forecast.quantileLevels());
    if (band == null) {
      return Figures.digits(forecast.median(step));
    }
    double lower = forecast.value(step, band.lower());
    double upper = forecast.value(step, band.upper());
    return "%s (%s: %s to %s)"
        .formatted(
            Figures.digits(forecast.median(step), upper - lower),
            band.name(),
            Figures.digits(lower, upper - lower),
            Figures.digits(upper, upper - lower));
  }

  private static String quality(Forecast.Origin origin) {
    ForecastQuality quality = origin.quality();
    String warmUp =
        origin.warm()
            ? ""
            : ", warm-up %d/%d".formatted(quality.warmSteps(), quality.contextSteps());
    String revision = quality.revision() == 0 ? "" : ", revision " + quality.revision();
    return warmUp + revision + (quality.isProvisional() ? ", provisional" : "");
  }

  /** Names the component with the largest weight in the next steps, if it is not the net. */
  private static String mainComponent(Forecast forecast) {
    if (forecast.mainComponents().isEmpty()) {
      return "";
    }
    MainComponent main = forecast.mainComponents().get(0);
    return main.name().equals("net")
        ? ""
        : String.format(Locale.ROOT, ", mainly %s (%.0f %%)", main.name(), 100 * main.weight());
  }
}
