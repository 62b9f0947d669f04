package io.eddy.kafka.record;

import com.fasterxml.jackson.core.JsonGenerator;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.forecast.anomaly.AnomalyKind;
import io.eddy.forecast.anomaly.AnomalyScore;
import io.eddy.forecast.anomaly.Episode;
import io.eddy.forecast.anomaly.Expectation;
import io.eddy.model.ModelVersion;
import io.eddy.series.Interval;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * JSON form of an anomaly: an object with the fields of the Avro record, times as ISO 8601, and
 * null for a number that is not known. It holds every bit of the anomaly.
 */
final class AnomalyJson {
  private AnomalyJson() {}

  static byte[] encode(PublishedAnomaly published) {
    return JsonFields.write(json -> write(json, published));
  }

  private static void write(JsonGenerator json, PublishedAnomaly published) throws IOException {
    Anomaly anomaly = published.anomaly();
    AnomalyScore score = anomaly.score();
    PublishedAnomaly.Subject subject = published.subject();
    json.writeStringField("series", subject.series());
    writeTime(json, "time", anomaly.timestampMs());
    writeTime(json, "closedStep", anomaly.closedMs());
    json.writeStringField("interval", subject.interval().toString());
    json.writeStringField("event", lower(AnomalyCodec.event(score.change())));
    JsonFields.writeDouble(json, "value", anomaly.value());
    JsonFields.writeDouble(json, "score", score.score());
    JsonFields.writeDouble(json, "threshold", score.threshold());
    JsonFields.writeDouble(json, "pValue", score.pValue());
    write(json, score.expected());
    json.writeFieldName("episode");
    write(json, score.episode());
    json.writeStringField("model", published.model());
    json.writeStringField("version", subject.served().version().sha());
    json.writeNumberField("epoch", subject.served().epoch());
    json.writeNumberField("revision", subject.revision());
    json.writeObjectFieldStart("source");
    json.writeStringField("topic", published.source().topic());
    json.writeNumberField("partition", published.source().partition());
    json.writeNumberField("offset", published.source().offset());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, @Nullable Episode episode) throws IOException {
    if (episode == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringField("kind", lower(episode.kind().name()));
    writeTime(json, "begin", episode.beginMs());
    writeTime(json, "end", episode.endMs());
    json.writeNumberField("steps", episode.steps());
    JsonFields.writeDouble(json, "value", episode.value());
    write(json, episode.expected());
    JsonFields.writeDouble(json, "severity", episode.severity());
    json.writeStringField("reason", episode.reason());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Expectation expected) throws IOException {
    JsonFields.writeDouble(json, "expected", expected.value());
    JsonFields.writeDouble(json, "low", expected.low());
    JsonFields.writeDouble(json, "high", expected.high());
  }

  private static void writeTime(JsonGenerator json, String name, long timeMs) throws IOException {
    json.writeStringField(name, Instant.ofEpochMilli(timeMs).toString());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Decodes an anomaly.
   *
   * @throws InvalidRecordException if the bytes are not an anomaly of the series
   */
  static PublishedAnomaly decode(String series, byte[] bytes) {
    return JsonFields.read(bytes, "anomaly", fields -> decode(series, fields));
  }

  private static PublishedAnomaly decode(String series, JsonFields fields) {
    if (!fields.text("series").equals(series)) {
      throw new IllegalArgumentException(
          "field series: expected the record's key %s, got %s"
              .formatted(series, fields.text("series")));
    }
    Episode episode = fields.isNull("episode") ? null : episode(fields.object("episode"));
    AnomalyScore score =
        new AnomalyScore(
            fields.asDouble("score"),
            fields.asDouble("threshold"),
            fields.asDouble("pValue"),
            expectation(fields),
            AnomalyCodec.change(fields.text("event").toUpperCase(Locale.ROOT), episode),
            episode);
    JsonFields source = fields.object("source");
    return new PublishedAnomaly(
        new Anomaly(
            timeMs(fields, "time"), timeMs(fields, "closedStep"), fields.asDouble("value"), score),
        new PublishedAnomaly.Subject(
            series,
            Interval.parse(fields.text("interval")),
            new Forecast.Served(new ModelVersion(fields.text("version")), fields.integer("epoch")),
            fields.smallInteger("revision")),
        fields.text("model"),
        new SourcePosition(
            source.text("topic"), source.smallInteger("partition"), source.integer("offset")));
  }

  private static Episode episode(JsonFields fields) {
    return new Episode(
        timeMs(fields, "begin"),
        timeMs(fields, "end"),
        fields.integer("steps"),
        AnomalyKind.valueOf(fields.text("kind").toUpperCase(Locale.ROOT)),
        fields.asDouble("value"),
        expectation(fields),
        fields.asDouble("severity"),
        fields.text("reason"));
  }

  private static Expectation expectation(JsonFields fields) {
    return new Expectation(
        fields.asDouble("expected"), fields.asDouble("low"), fields.asDouble("high"));
  }

  private static long timeMs(JsonFields fields, String name) {
    return fields.time(name).toEpochMilli();
  }
}
