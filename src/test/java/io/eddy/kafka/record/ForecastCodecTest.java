package io.eddy.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.MainComponent;
import io.eddy.forecast.Score;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Role;
import io.eddy.series.Interval;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForecastCodecTest {
  private static final Forecast.Origin ORIGIN =
      new Forecast.Origin(
          "a",
          360_000,
          Interval.ofMillis(3_600_000),
          new Forecast.Served(new ModelVersion("ab".repeat(32)), 3),
          true);
  private static final SourcePosition SOURCE = new SourcePosition("t", 1, 42);

  private static final OutputFormat JSON = new OutputFormat(OutputFormat.Format.JSON, null);

  @Test
  void decodesKnownActivations() {
    Forecast forecast = new Forecast(ORIGIN, List.of(), 0, new double[] {1});
    PublishedForecast.Knowledge known = new PublishedForecast.Knowledge(300, 2, 299);
    ForecastCodec codec = new ForecastCodec();

    byte[] bytes = codec.encode(new PublishedForecast(forecast, "m", SOURCE, known));

    assertThat(codec.decode("a", bytes).known()).isEqualTo(known);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PT1H", "P1M", "P3M/1970-02-01", "P7D", "P1D[Europe/Berlin]", "business-day"})
  void decodesIntervals(String text) {
    Interval interval = Interval.parse(text);
    Forecast.Origin origin =
        new Forecast.Origin(
            "a", interval.startMs(7), interval, ORIGIN.served(), true, ORIGIN.quality());
    Forecast forecast = new Forecast(origin, List.of(), 0, new double[] {1, 2, 3});
    PublishedForecast published = new PublishedForecast(forecast, "m", SOURCE);

    for (ForecastCodec codec : List.of(new ForecastCodec(), new ForecastCodec(JSON, "forecasts"))) {
      Forecast read = codec.decode("a", codec.encode(published)).forecast();
      assertThat(read.origin()).isEqualTo(origin);
      assertThat(read.timestampMs(3)).isEqualTo(interval.startMs(10));
    }
  }

  @Test
  void decodesMainComponents() {
    List<MainComponent> main =
        List.of(new MainComponent(1, "net", 0.625f), new MainComponent(2, "seasonal-24", 1));
    Forecast quantiles = new Forecast(ORIGIN, List.of(0.1, 0.5), 0, new double[] {1, 2, 3, 4});
    Forecast points = new Forecast(ORIGIN, List.of(), 0, new double[] {1, 2});

    for (Forecast forecast : List.of(quantiles, points)) {
      PublishedForecast published =
          new PublishedForecast(forecast.withMainComponents(main), "m", SOURCE);
      for (ForecastCodec codec :
          List.of(new ForecastCodec(), new ForecastCodec(JSON, "forecasts"))) {
        Forecast read = codec.decode("a", codec.encode(published)).forecast();
        assertThat(read.mainComponents()).isEqualTo(main);
      }
    }
    assertThat(json(new PublishedForecast(points.withMainComponents(main), "m", SOURCE)))
        .contains("\"mainComponents\":[{\"lastStep\":1,\"name\":\"net\",\"weight\":0.625},");
  }

  @Test
  void jsonOfMonthsHasTimesAndNoLength() {
    Interval months = Interval.parse("P1M[Europe/Berlin]");
    long februaryMs = Instant.parse("2024-01-31T23:00:00Z").toEpochMilli();
    Forecast.Origin origin =
        new Forecast.Origin("a", februaryMs, months, ORIGIN.served(), true, ORIGIN.quality());

    String json =
        json(
            new PublishedForecast(
                new Forecast(origin, List.of(), 0, new double[] {1, 2}), "m", SOURCE));

    assertThat(json)
        .contains(
            "\"origin\":\"2024-01-31T23:00:00Z\",\"interval\":\"P1M[Europe/Berlin]\",\"model\"",
            "\"times\":[\"2024-02-29T23:00:00Z\",\"2024-03-31T22:00:00Z\"]");
    String otherTime = json.replace("2024-03-31T22:00:00Z", "2024-03-31T23:00:00Z");
    assertThatThrownBy(
            () -> new ForecastCodec().decode("a", otherTime.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageContaining("times");
  }

  @Test
  void decodesClassProbabilities() {
    Forecast forecast =
        new Forecast(
            ORIGIN, List.of(), 3, new double[] {0.5f, 0.25f, 0.25f, 0.125f, 0.75f, 0.125f});
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
    double[] values = new double[300_000];
    for (int i = 0; i < values.length; i++) {
      float single = Float.intBitsToFloat(random.nextInt());
      double any =
          switch (i % 3) {
            case 0 -> single;
            case 1 -> Double.longBitsToDouble(random.nextLong());
            default -> random.nextInt(1_000_000) / 1e3 * Math.pow(10, random.nextInt(-20, 20));
          };
      values[i] = Double.isFinite(any) ? any : i;
    }
    Forecast forecast = new Forecast(ORIGIN, List.of(0.1, 0.5, 0.9), 0, values);
    PublishedForecast published =
        new PublishedForecast(forecast, "m", SOURCE, new PublishedForecast.Knowledge(300, 2));
    ForecastCodec json = new ForecastCodec(JSON, "forecasts");

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
    ScoreCodec json = new ScoreCodec(JSON, "scores");

    byte[] bytes = json.encode(new PublishedScore(score, "m", Role.SHADOW));

    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .contains("\"absoluteError\":[0.1,null]", "\"model\":\"m\"");
    PublishedScore read = new ScoreCodec().decode("a", bytes);
    assertThat(read.score().absoluteError()).containsExactly(0.1f, Float.NaN);
    assertThat(read.role()).isEqualTo(Role.SHADOW);
    assertThat(read.failure()).isNull();
  }

  @Test
  void jsonNamesQuantilesAndTimes() {
    Forecast forecast =
        new Forecast(ORIGIN, List.of(0.1, 0.5, 0.9), 0, new double[] {1, 2, 3, 1.5f, 2.25f, 4});

    String json = json(new PublishedForecast(forecast, "power", SOURCE));

    String expected =
        """
        {'series':'a','origin':'1970-01-01T00:06:00Z','interval':'PT1H','intervalMs':3600000,'model':'power',
        'version':'VERSION','epoch':3,'warm':true,
        'contextSteps':0,'warmSteps':0,'revision':0,'provisional':false,'horizon':2,
        'times':['1970-01-01T01:06:00Z','1970-01-01T02:06:00Z'],
        'mean':[2.0,2.6121334934559615],
        'quantiles':{'q0.1':[1.0,1.5],'q0.5':[2.0,2.25],'q0.9':[3.0,4.0]},
        'source':{'topic':'t','partition':1,'offset':42},
        'knownEpoch':0,'skippedActivations':0,'pendingEpoch':0}
        """;
    assertThat(json)
        .isEqualTo(
            expected
                .replace("\n", "")
                .replace('\'', '"')
                .replace("VERSION", ORIGIN.served().version().sha()));
  }

  @Test
  void jsonKeepsPointForecasts() {
    Forecast forecast = new Forecast(ORIGIN, List.of(), 0, new double[] {1.1f, -2.2f});

    String json = json(new PublishedForecast(forecast, "m", SOURCE));

    assertThat(json).contains("\"mean\":[1.1,-2.2]").doesNotContain("quantiles");
    assertThat(decode(json).forecast().values()).containsExactly(1.1f, -2.2f);
    assertThat(decode(json).forecast().quantileLevels()).isEmpty();
  }

  @Test
  void jsonWritesTheDigitsThatThePrecisionNeeds() {
    double[] values = {20.1f, 20.1, 1_700_000_003.123, 0.1, 1e-9f};
    Forecast forecast = new Forecast(ORIGIN, List.of(), 0, values);

    String json = json(new PublishedForecast(forecast, "m", SOURCE));

    assertThat(json).contains("\"mean\":[20.1,20.10000000,1700000003.123,0.1000000000,1.0E-9]");
    assertThat(decode(json).forecast().values()).isEqualTo(values);
  }

  @Test
  void jsonKeepsClasses() {
    double[] values = {0.5f, 0.25f, 0.25f, 0.125f, 0.75f, 0.125f};
    Forecast forecast = new Forecast(ORIGIN, List.of(), 3, values);

    String json = json(new PublishedForecast(forecast, "m", SOURCE));

    assertThat(json).contains("\"class\":[0,1]", "\"p1\":[0.25,0.75]");
    assertThat(decode(json).forecast().values()).isEqualTo(values);
    assertThat(decode(json).forecast().classes()).isEqualTo(3);
  }

  @Test
  void jsonScoresKeepInfinityAndFailure() {
    float infinite = Float.POSITIVE_INFINITY;
    float[] none = {Float.NaN, Float.NaN};
    Score score =
        new Score(
            ORIGIN,
            List.of(),
            new Score.Errors(
                new float[] {0, 1}, none, none, new float[0], new float[] {infinite, Float.NaN}),
            Score.Naive.UNKNOWN,
            new int[0]);
    ScoreCodec codec = new ScoreCodec(JSON, "scores");

    PublishedScore read =
        codec.decode("a", codec.encode(new PublishedScore(score, "m", Role.SERVE, "not finite")));

    assertThat(read.score().crossEntropy()).containsExactly(infinite, Float.NaN);
    assertThat(read.score().naiveAbsoluteError()).isEmpty();
    assertThat(read.failure()).isEqualTo("not finite");
    assertThat(read.role()).isEqualTo(Role.SERVE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{}", "{\"origin\":5}", "[]", "{\"version\":\"xy\"}"})
  void rejectsInvalidJson(String json) {
    assertThatThrownBy(() -> decode(json)).isInstanceOf(InvalidRecordException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "series":"a"   | "series":"b"   | field series: expected the record's key a, got b
          "horizon":2    | "horizon":3    | field times: does not agree with the other fields
          "horizon":2    | "horizon":"2"  | field horizon: expected an integer, got STRING
          T01:06         | T01:07         | field times: does not agree with the other fields
          T01:06:00Z     | T              | field times: expected a time in ISO-8601
          [2.0,2.6121334934559615] | [2.0] | field mean: expected 2 numbers, got 1
          [1.0,1.5]      | [1.0]          | field quantiles.q0.1: expected 2 numbers, got 1
          [1.0,1.5]      | [1.0,"x"]      | field quantiles.q0.1: expected numbers
          q0.1           | q0.6           | expected ascending quantile levels, got [q0.6, q0.5, q0.9]
          q0.1           | low            | expected the name of a quantile such as q0.1, got 'low'
          "epoch":3      | "epoch":3.5    | field epoch: expected an integer, got NUMBER
          "warm":true    | "warm":1       | field warm: expected true or false, got NUMBER
          "offset":42    | "offsets":42   | field source.offset: expected an integer, got nothing
          """)
  void rejectsContradictoryJson(String text, String replacement, String message) {
    Forecast forecast =
        new Forecast(ORIGIN, List.of(0.1, 0.5, 0.9), 0, new double[] {1, 2, 3, 1.5f, 2.25f, 4});
    String json = json(new PublishedForecast(forecast, "power", SOURCE));
    assertThat(json).contains(text);

    assertThatThrownBy(() -> decode(json.replaceFirst(Pattern.quote(text), replacement)))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageStartingWith("not a forecast in JSON: ")
        .hasMessageContaining(message);
  }

  private static String json(PublishedForecast published) {
    return new String(
        new ForecastCodec(JSON, "forecasts").encode(published), StandardCharsets.UTF_8);
  }

  private static PublishedForecast decode(String json) {
    return new ForecastCodec().decode("a", json.getBytes(StandardCharsets.UTF_8));
  }
}
