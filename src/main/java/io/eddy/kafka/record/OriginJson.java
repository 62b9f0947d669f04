package io.eddy.kafka.record;

import com.fasterxml.jackson.core.JsonGenerator;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.model.ModelVersion;
import io.eddy.series.Interval;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** The fields that the JSON forms of forecasts and scores share. */
final class OriginJson {
  private OriginJson() {}

  static void write(JsonGenerator json, Forecast.Origin origin, String model) throws IOException {
    json.writeStringField("series", origin.series());
    json.writeStringField("origin", Instant.ofEpochMilli(origin.timestampMs()).toString());
    json.writeStringField("interval", origin.interval().toString());
    if (origin.interval().isFixed()) {
      json.writeNumberField("intervalMs", origin.interval().fixedMs());
    }
    json.writeStringField("model", model);
    json.writeStringField("version", origin.served().version().sha());
    json.writeNumberField("epoch", origin.served().epoch());
    json.writeBooleanField("warm", origin.warm());
  }

  static void writeTimes(JsonGenerator json, Forecast.Origin origin, int horizon)
      throws IOException {
    json.writeArrayFieldStart("times");
    for (int step = 1; step <= horizon; step++) {
      json.writeString(OriginCodec.time(origin, step).toString());
    }
    json.writeEndArray();
  }

  static Forecast.Origin read(JsonFields fields, String series, ForecastQuality quality) {
    if (!fields.text("series").equals(series)) {
      throw new IllegalArgumentException(
          "field series: expected the record's key %s, got %s"
              .formatted(series, fields.text("series")));
    }
    return new Forecast.Origin(
        series,
        fields.time("origin").toEpochMilli(),
        interval(fields),
        new Forecast.Served(new ModelVersion(fields.text("version")), fields.integer("epoch")),
        fields.flag("warm"),
        quality);
  }

  private static Interval interval(JsonFields fields) {
    Interval interval = Interval.parse(fields.text("interval"));
    ForecastJson.require(
        fields.has("intervalMs") == interval.isFixed()
            && (!interval.isFixed() || fields.integer("intervalMs") == interval.fixedMs()),
        "intervalMs");
    return interval;
  }

  static void requireTimes(JsonFields fields, Forecast.Origin origin, int horizon) {
    List<Instant> times = fields.times("times");
    ForecastJson.require(times.size() == horizon, "times");
    for (int step = 1; step <= horizon; step++) {
      ForecastJson.require(times.get(step - 1).equals(OriginCodec.time(origin, step)), "times");
    }
  }
}
