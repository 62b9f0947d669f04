package io.eddy.kafka.record;

import com.fasterxml.jackson.core.JsonGenerator;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.alert.Alert.Change;
import io.eddy.forecast.alert.Alert.Outlook;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * JSON form of an alert: an object with the series, the change, the rule, the outlook, the reason,
 * the origin, the model and the source. It holds every bit of the alert.
 */
final class AlertJson {
  private AlertJson() {}

  static byte[] encode(PublishedAlert published) {
    return JsonFields.write(json -> write(json, published));
  }

  private static void write(JsonGenerator json, PublishedAlert published) throws IOException {
    Alert alert = published.alert();
    OriginJson.write(json, alert.origin(), published.model());
    json.writeStringField("change", alert.change().name().toLowerCase(Locale.ROOT));
    json.writeStringField("rule", alert.rule().name());
    json.writeStringField("condition", alert.rule().text());
    List<Double> thresholds = alert.rule().thresholds();
    JsonFields.writeDoubles(json, "thresholds", thresholds.size(), thresholds::get);
    Outlook outlook = alert.outlook();
    json.writeNumberField("probability", outlook.probability());
    Long crossingMs = outlook.crossingMs();
    json.writeStringField("expectedCrossing", crossingMs == null ? null : time(crossingMs));
    if (Double.isNaN(outlook.median())) {
      json.writeNullField("median");
    } else {
      json.writeNumberField("median", outlook.median());
    }
    json.writeStringField("firedOrigin", time(alert.firedMs()));
    json.writeStringField("reason", alert.reason());
    json.writeObjectFieldStart("source");
    json.writeStringField("topic", published.source().topic());
    json.writeNumberField("partition", published.source().partition());
    json.writeNumberField("offset", published.source().offset());
    json.writeEndObject();
  }

  private static String time(long timestampMs) {
    return Instant.ofEpochMilli(timestampMs).toString();
  }

  /**
   * Decodes an alert.
   *
   * @throws InvalidRecordException if the bytes are not an alert of the series
   */
  static PublishedAlert decode(String series, byte[] bytes) {
    return JsonFields.read(bytes, "record of an alert", fields -> decode(series, fields));
  }

  private static PublishedAlert decode(String series, JsonFields fields) {
    Forecast.Origin origin = OriginJson.read(fields, series, ForecastQuality.NOT_RECORDED);
    boolean hasCrossing = !fields.textOrEmpty("expectedCrossing").isEmpty();
    Outlook outlook =
        new Outlook(
            fields.number("probability"),
            hasCrossing ? fields.time("expectedCrossing").toEpochMilli() : null,
            hasCrossing ? fields.number("median") : Double.NaN);
    Alert alert =
        new Alert(
            change(fields.text("change")),
            new Alert.Rule(
                fields.text("rule"),
                fields.text("condition"),
                Arrays.stream(fields.doubles("thresholds")).boxed().toList()),
            origin,
            fields.time("firedOrigin").toEpochMilli(),
            outlook,
            fields.text("reason"));
    JsonFields source = fields.object("source");
    return new PublishedAlert(
        alert,
        fields.text("model"),
        new SourcePosition(
            source.text("topic"), source.smallInteger("partition"), source.integer("offset")));
  }

  private static Change change(String name) {
    return switch (name) {
      case "fired" -> Change.FIRED;
      case "cleared" -> Change.CLEARED;
      default ->
          throw new IllegalArgumentException(
              "field change: expected fired or cleared, got '%s'".formatted(name));
    };
  }
}
