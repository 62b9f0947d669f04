package io.eddy.kafka.record;

import com.fasterxml.jackson.core.JsonGenerator;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.forecast.Score;
import io.eddy.rollout.Activation.Role;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * JSON form of a score: an object with the series, the origin, the model, the time of each step
 * ahead, and a list of errors per step for each measure. Coverage is by quantile. Measures that a
 * score does not have are empty lists. It holds every bit of the score.
 */
final class ScoreJson {
  private ScoreJson() {}

  static byte[] encode(PublishedScore published) {
    return JsonFields.write(json -> write(json, published));
  }

  private static void write(JsonGenerator json, PublishedScore published) throws IOException {
    Score score = published.score();
    int horizon = score.absoluteError().length;
    OriginJson.write(json, score.origin(), published.model());
    json.writeStringField("role", published.role().name().toLowerCase(Locale.ROOT));
    json.writeStringField("failure", published.failure());
    json.writeNumberField("horizon", horizon);
    OriginJson.writeTimes(json, score.origin(), horizon);
    write(json, "absoluteError", score.absoluteError());
    write(json, "baselineAbsoluteError", score.baseAbsoluteError());
    write(json, "seasonalNaiveAbsoluteError", score.naiveAbsoluteError());
    json.writeNumberField("seasonalNaiveMeanError", score.naiveMeanError());
    write(json, "pinballLoss", score.pinballLoss());
    write(json, "crossEntropy", score.crossEntropy());
    json.writeObjectFieldStart("coverage");
    for (int k = 0; k < score.quantileLevels().size(); k++) {
      json.writeFieldName(JsonLevels.quantile(score.quantileLevels().get(k)));
      JsonFields.writeFloat(json, score.coverage()[k]);
    }
    json.writeEndObject();
    json.writeArrayFieldStart("quantilesBelow");
    for (int below : score.quantilesBelow()) {
      json.writeNumber(below);
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, String name, float[] values) throws IOException {
    JsonFields.writeFloats(json, name, values.length, step -> values[step]);
  }

  /**
   * Decodes a score.
   *
   * @throws InvalidRecordException if the bytes are not a score of the series
   */
  static PublishedScore decode(String series, byte[] bytes) {
    return JsonFields.read(bytes, "score", fields -> decode(series, fields));
  }

  private static PublishedScore decode(String series, JsonFields fields) {
    int horizon = fields.smallInteger("horizon");
    Forecast.Origin origin = OriginJson.read(fields, series, ForecastQuality.NOT_RECORDED);
    OriginJson.requireTimes(fields, origin, horizon);
    JsonFields coverage = fields.object("coverage");
    List<String> levels = coverage.names();
    float[] shares = new float[levels.size()];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = coverage.asFloat(levels.get(k));
    }
    Score score =
        new Score(
            origin,
            JsonLevels.levels(levels),
            new Score.Errors(
                fields.floats("absoluteError", horizon),
                fields.floats("baselineAbsoluteError"),
                fields.floats("pinballLoss"),
                shares,
                fields.floats("crossEntropy")),
            new Score.Naive(
                fields.floats("seasonalNaiveAbsoluteError"),
                fields.number("seasonalNaiveMeanError")),
            fields.integers("quantilesBelow"));
    String failure = fields.textOrEmpty("failure");
    return new PublishedScore(
        score, fields.text("model"), role(fields.text("role")), failure.isEmpty() ? null : failure);
  }

  private static Role role(String name) {
    return switch (name) {
      case "serve" -> Role.SERVE;
      case "shadow" -> Role.SHADOW;
      default ->
          throw new IllegalArgumentException(
              "field role: expected serve or shadow, got '%s'".formatted(name));
    };
  }
}
