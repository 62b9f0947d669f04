package io.eddy.kafka.record;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.forecast.MainComponent;
import io.eddy.series.Interval;
import java.util.List;

/** Writes the fields of {@code schemas/Forecast.avsc} in their order. Used by one thread. */
final class ForecastEncoder implements RecordEncoder<PublishedForecast> {
  private static final long FINGERPRINT = 0x129d190321fd7731L;

  private final IntervalText intervals = new IntervalText();

  @Override
  public long fingerprint() {
    return FINGERPRINT;
  }

  @Override
  public void write(PublishedForecast published, AvroBuffer to) {
    Forecast forecast = published.forecast();
    Forecast.Origin origin = forecast.origin();
    to.writeLong(origin.timestampMs());
    to.writeLong(origin.interval().fixedMs());
    to.writeLong(forecast.horizon());
    to.writeDoubles(forecast.quantileLevels());
    to.writeDoubles(forecast.values());
    to.writeBoolean(origin.warm());
    to.writeString(published.model());
    to.writeFixed(origin.served().version().digest());
    to.writeLong(origin.served().epoch());
    to.writeString(published.source().topic());
    to.writeLong(published.source().partition());
    to.writeLong(published.source().offset());
    to.writeLong(forecast.classes());
    to.writeLong(published.known().epoch());
    to.writeLong(published.known().skipped());
    ForecastQuality quality = origin.quality();
    to.writeLong(quality.contextSteps());
    to.writeLong(quality.warmSteps());
    to.writeLong(quality.revision());
    to.writeBoolean(quality.isProvisional());
    to.writeLong(published.known().pendingEpoch());
    to.writeString(intervals.of(origin.interval()));
    writeStepTimes(origin, forecast.horizon(), to);
    to.writeDoubles(forecast.means());
    writeMainComponents(forecast.mainComponents(), to);
  }

  private static void writeStepTimes(Forecast.Origin origin, int horizon, AvroBuffer to) {
    Interval interval = origin.interval();
    int times = interval.isFixed() ? 0 : horizon;
    to.beginArray(times);
    for (int step = 1; step <= times; step++) {
      to.writeLong(interval.plusSteps(origin.timestampMs(), step));
    }
    to.endArray();
  }

  private static void writeMainComponents(List<MainComponent> components, AvroBuffer to) {
    to.beginArray(components.size());
    for (int i = 0; i < components.size(); i++) {
      MainComponent component = components.get(i);
      to.writeLong(component.lastStep());
      to.writeString(component.name());
      to.writeFloat(component.weight());
    }
    to.endArray();
  }
}
