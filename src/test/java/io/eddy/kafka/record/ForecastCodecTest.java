package io.eddy.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Role;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForecastCodecTest {
  private static final Forecast.Origin ORIGIN =
      new Forecast.Origin(
          "a", 360_000, 3_600_000, new Forecast.Served(new ModelVersion("ab".repeat(32)), 3), true);
  private static final SourcePosition SOURCE = new SourcePosition("t", 1, 42);

  @Test
  void decodesKnownActivations() {
    Forecast forecast = new Forecast(ORIGIN, List.of(), 0, new float[] {1});
    PublishedForecast.Knowledge known = new PublishedForecast.Knowledge(300, 2, 299);
    ForecastCodec codec = new ForecastCodec();

    byte[] bytes = codec.encode(new PublishedForecast(forecast, "m", SOURCE, known));

    assertThat(codec.decode("a", bytes).known()).isEqualTo(known);
  }

  @Test
  void decodesClassProbabilities() {
    Forecast forecast =
        new Forecast(ORIGIN, List.of(), 3, new float[] {0.5f, 0.25f, 0.25f, 0.125f, 0.75f, 0.125f});
    ForecastCodec codec = new ForecastCodec();

    Forecast read =
        codec.decode("a", codec.encode(new PublishedForecast(forecast, "m", SOURCE))).forecast();

    assertThat(read.classes()).isEqualTo(3);
    assertThat(read.horizon()).isEqualTo(2);
    assertThat(read.likeliest(2)).isEqualTo(1);
    assertThat(read.values()).isEqualTo(forecast.values());
  }

  @Test
  void decodesScoreOfClasses() {
    Score score =
        new Score(
            ORIGIN,
            List.of(),
            new Score.Errors(
                new float[] {0, 1},
                new float[] {1, 1},
                new float[] {Float.NaN, Float.NaN},
                new float[0],
                new float[] {0.5f, 2}),
            new Score.Naive(new float[] {1, 0}, 0.5),
            new int[] {2, -1});
    ScoreCodec codec = new ScoreCodec();

    PublishedScore read =
        codec.decode("a", codec.encode(new PublishedScore(score, "m", Role.SHADOW, "not finite")));

    assertThat(read.score().crossEntropy()).containsExactly(0.5f, 2);
    assertThat(read.score().naiveAbsoluteError()).containsExactly(1, 0);
    assertThat(read.score().naiveMeanError()).isEqualTo(0.5);
    assertThat(read.score().quantilesBelow()).containsExactly(2, -1);
    assertThat(read.role()).isEqualTo(Role.SHADOW);
    assertThat(read.failure()).isEqualTo("not finite");
    assertThat(read.model()).isEqualTo("m");
  }

  @Test
  void jsonKeepsEveryBitOfForecasts() {
    SplittableRandom random = new SplittableRandom(5);
    float[] values = new float[300_000];
    for (int i = 0; i < values.length; i++) {
      float any = Float.intBitsToFloat(random.nextInt());
      values[i] = Float.isFinite(any) ? any : i;
    }
    Forecast forecast = new Forecast(ORIGIN, List.of(0.1, 0.5, 0.9), 0, values);
    PublishedForecast published =
        new PublishedForecast(forecast, "m", SOURCE, new PublishedForecast.Knowledge(300, 2));
    ForecastCodec json =
        new ForecastCodec(new OutputFormat(OutputFormat.Format.JSON, null), "forecasts");

    byte[] bytes = json.encode(published);
    PublishedForecast read = new ForecastCodec().decode("a", bytes);

    assertThat(read.forecast().values()).isEqualTo(values);
    assertThat(read.forecast().origin()).isEqualTo(ORIGIN);
    assertThat(read.forecast().quantileLevels()).containsExactly(0.1, 0.5, 0.9);
    assertThat(read.source()).isEqualTo(SOURCE);
    assertThat(read.known()).isEqualTo(published.known());
    assertThat(json.decode("a", new ForecastCodec().encode(published)).forecast().values())
        .isEqualTo(values);
  }

  @Test
  void jsonScoresKeepNaN() {
    Score score =
        new Score(
            ORIGIN,
            List.of(0.5),
            new Score.Errors(
                new float[] {0.1f, Float.NaN},
                new float[] {1, 1},
                new float[] {2, 3},
                new float[] {0.25f},
                new float[0]),
            new Score.Naive(new float[] {1, 0}, 0.5),
            new int[] {2, -1});
    ScoreCodec json = new ScoreCodec(new OutputFormat(OutputFormat.Format.JSON, null), "scores");

    byte[] bytes = json.encode(new PublishedScore(score, "m", Role.SHADOW));

    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .contains("\"absoluteError\":[0.1,null]", "\"model\":\"m\"");
    PublishedScore read = new ScoreCodec().decode("a", bytes);
    assertThat(read.score().absoluteError()).containsExactly(0.1f, Float.NaN);
    assertThat(read.role()).isEqualTo(Role.SHADOW);
    assertThat(read.failure()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{}", "{\"origin\":5}", "[]", "{\"version\":\"xy\"}"})
  void rejectsInvalidJson(String json) {
    assertThatThrownBy(() -> new ForecastCodec().decode("a", json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidRecordException.class);
  }
}
