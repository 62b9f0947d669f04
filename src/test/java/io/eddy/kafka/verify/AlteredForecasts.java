package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.PublishedForecast.Knowledge;
import io.eddy.kafka.record.SourcePosition;

/** Returns altered copies of published forecasts. */
public final class AlteredForecasts {
  private AlteredForecasts() {}

  public static PublishedForecast withBitFlipped(PublishedForecast published, int index) {
    double[] values = published.forecast().values().clone();
    values[index] = Double.longBitsToDouble(Double.doubleToRawLongBits(values[index]) ^ 1);
    return with(published, published.forecast().origin(), values);
  }

  public static PublishedForecast withServed(PublishedForecast published, Forecast.Served served) {
    Forecast.Origin origin = published.forecast().origin();
    return with(
        published,
        new Forecast.Origin(
            origin.series(), origin.timestampMs(), origin.interval(), served, origin.warm()),
        published.forecast().values());
  }

  public static PublishedForecast withRevision(PublishedForecast published, int revision) {
    Forecast.Origin origin = published.forecast().origin();
    ForecastQuality quality = origin.quality();
    return with(
        published,
        new Forecast.Origin(
            origin.series(),
            origin.timestampMs(),
            origin.interval(),
            origin.served(),
            origin.warm(),
            new ForecastQuality(
                quality.contextSteps(), quality.warmSteps(), revision, quality.isProvisional())),
        published.forecast().values());
  }

  public static PublishedForecast withKnown(PublishedForecast published, Knowledge known) {
    return new PublishedForecast(
        published.forecast(), published.model(), published.source(), known);
  }

  private static PublishedForecast with(
      PublishedForecast published, Forecast.Origin origin, double[] values) {
    Forecast forecast = published.forecast();
    return new PublishedForecast(
        new Forecast(origin, forecast.quantileLevels(), forecast.classes(), values),
        published.model(),
        published.source(),
        published.known());
  }

  public static PublishedForecast withSource(PublishedForecast published, SourcePosition source) {
    return new PublishedForecast(
        published.forecast(), published.model(), source, published.known());
  }
}
