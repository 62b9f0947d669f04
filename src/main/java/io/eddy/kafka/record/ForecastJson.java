package io.eddy.kafka.record;

import com.fasterxml.jackson.core.JsonGenerator;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.forecast.MainComponent;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.util.List;

/**
 * JSON form of a forecast: an object with the series, the origin, the model, the time of each step
 * ahead, and a list of numbers per step for the mean and each quantile, or for the most likely
 * class and the probability of each class. It holds every bit of the forecast. {@code src/docs}
 * documents the fields.
 */
final class ForecastJson {
  private ForecastJson() {}

  static byte[] encode(PublishedForecast published) {
    return JsonFields.write(json -> write(json, published));
  }

  private static void write(JsonGenerator json, PublishedForecast published) throws IOException {
    Forecast forecast = published.forecast();
    Forecast.Origin origin = forecast.origin();
    OriginJson.write(json, origin, published.model());
    json.writeNumberField("contextSteps", origin.quality().contextSteps());
    json.writeNumberField("warmSteps", origin.quality().warmSteps());
    json.writeNumberField("revision", origin.quality().revision());
    json.writeBooleanField("provisional", origin.quality().isProvisional());
    json.writeNumberField("horizon", forecast.horizon());
    OriginJson.writeTimes(json, origin, forecast.horizon());
    if (forecast.classes() > 0) {
      writeClasses(json, forecast);
    } else {
      writeQuantiles(json, forecast);
    }
    writeMainComponents(json, forecast.mainComponents());
    json.writeObjectFieldStart("source");
    json.writeStringField("topic", published.source().topic());
    json.writeNumberField("partition", published.source().partition());
    json.writeNumberField("offset", published.source().offset());
    json.writeEndObject();
    json.writeNumberField("knownEpoch", published.known().epoch());
    json.writeNumberField("skippedActivations", published.known().skipped());
    json.writeNumberField("pendingEpoch", published.known().pendingEpoch());
  }

  private static void writeMainComponents(JsonGenerator json, List<MainComponent> components)
      throws IOException {
    if (components.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("mainComponents");
    for (MainComponent component : components) {
      json.writeStartObject();
      json.writeNumberField("lastStep", component.lastStep());
      json.writeStringField("name", component.name());
      json.writeNumberField("weight", component.weight());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static List<MainComponent> mainComponents(JsonFields fields) {
    return !fields.has("mainComponents")
        ? List.of()
        : fields.objects("mainComponents").stream()
            .map(
                main ->
                    new MainComponent(
                        main.smallInteger("lastStep"), main.text("name"), main.asFloat("weight")))
            .toList();
  }

  private static void writeQuantiles(JsonGenerator json, Forecast forecast) throws IOException {
    int horizon = forecast.horizon();
    JsonFields.writeDoubles(json, "mean", horizon, step -> forecast.mean(step + 1));
    if (!forecast.quantileLevels().isEmpty()) {
      json.writeObjectFieldStart("quantiles");
      for (int k = 0; k < forecast.quantileLevels().size(); k++) {
        int level = k;
        JsonFields.writeDoubles(
            json,
            JsonLevels.quantile(forecast.quantileLevels().get(k)),
            horizon,
            step -> forecast.value(step + 1, level));
      }
      json.writeEndObject();
    }
  }

  private static void writeClasses(JsonGenerator json, Forecast forecast) throws IOException {
    json.writeArrayFieldStart("class");
    for (int step = 1; step <= forecast.horizon(); step++) {
      json.writeNumber(forecast.likeliest(step));
    }
    json.writeEndArray();
    json.writeObjectFieldStart("probabilities");
    for (int k = 0; k < forecast.classes(); k++) {
      int index = k;
      JsonFields.writeDoubles(
          json,
          JsonLevels.probability(k),
          forecast.horizon(),
          step -> forecast.value(step + 1, index));
    }
    json.writeEndObject();
  }

  /**
   * Decodes a forecast. Fields that follow from others must agree with them.
   *
   * @throws InvalidRecordException if the bytes are not a forecast of the series
   */
  static PublishedForecast decode(String series, byte[] bytes) {
    return JsonFields.read(bytes, "forecast", fields -> decode(series, fields));
  }

  private static PublishedForecast decode(String series, JsonFields fields) {
    int horizon = fields.smallInteger("horizon");
    Forecast.Origin origin =
        OriginJson.read(
            fields,
            series,
            new ForecastQuality(
                fields.smallInteger("contextSteps"),
                fields.smallInteger("warmSteps"),
                fields.smallInteger("revision"),
                fields.flag("provisional")));
    OriginJson.requireTimes(fields, origin, horizon);
    JsonFields source = fields.object("source");
    return new PublishedForecast(
        forecast(fields, origin, horizon),
        fields.text("model"),
        new SourcePosition(
            source.text("topic"), source.smallInteger("partition"), source.integer("offset")),
        new PublishedForecast.Knowledge(
            fields.integer("knownEpoch"),
            fields.smallInteger("skippedActivations"),
            fields.integer("pendingEpoch")));
  }

  private static Forecast forecast(JsonFields fields, Forecast.Origin origin, int horizon) {
    return fields.has("probabilities")
        ? classes(fields, origin, horizon)
        : quantiles(fields, origin, horizon);
  }

  private static Forecast classes(JsonFields fields, Forecast.Origin origin, int horizon) {
    JsonFields columns = fields.object("probabilities");
    List<String> names = columns.names();
    for (int k = 0; k < names.size(); k++) {
      require(names.get(k).equals(JsonLevels.probability(k)), "probabilities");
    }
    Forecast forecast =
        new Forecast(origin, List.of(), names.size(), matrix(columns, names, horizon));
    int[] classes = fields.integers("class");
    require(classes.length == horizon, "class");
    for (int step = 1; step <= horizon; step++) {
      require(classes[step - 1] == forecast.likeliest(step), "class");
    }
    return forecast;
  }

  private static Forecast quantiles(JsonFields fields, Forecast.Origin origin, int horizon) {
    double[] mean = fields.doubles("mean", horizon);
    if (!fields.has("quantiles")) {
      return new Forecast(origin, List.of(), 0, mean).withMainComponents(mainComponents(fields));
    }
    JsonFields columns = fields.object("quantiles");
    return new Forecast(
            origin,
            JsonLevels.levels(columns.names()),
            0,
            matrix(columns, columns.names(), horizon),
            mean)
        .withMainComponents(mainComponents(fields));
  }

  /** Returns the columns as a row-major matrix [horizon, columns]. */
  private static double[] matrix(JsonFields columns, List<String> names, int horizon) {
    require(!names.isEmpty(), "quantiles, probabilities");
    double[] values = new double[horizon * names.size()];
    for (int k = 0; k < names.size(); k++) {
      double[] column = columns.doubles(names.get(k), horizon);
      for (int step = 0; step < horizon; step++) {
        values[step * names.size() + k] = column[step];
      }
    }
    return values;
  }

  static void require(boolean isConsistent, String name) {
    if (!isConsistent) {
      throw new IllegalArgumentException(
          "field %s: does not agree with the other fields".formatted(name));
    }
  }
}
