package io.eddy.serving.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.kafka.state.StoredSeries;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.ScoredForecast;
import io.eddy.series.Interval;
import io.eddy.serving.http.Response;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  private static final ModelVersion VERSION = ModelVersion.of(new byte[] {1});

  @Test
  void forecastIsListedByLevelAndStep() throws Exception {
    JsonNode json =
        json(ForecastDocument.of(forecast(List.of(0.1, 0.9), 0, new double[] {1, 2, 3, 4})));

    assertThat(json.path("timesMs")).hasToString("[1100,1200]");
    assertThat(json.path("quantiles")).hasToString("[[1.0,3.0],[2.0,4.0]]");
    assertThat(json.path("mean")).hasToString("[1.5,3.5]");
    assertThat(json.path("probabilities")).hasToString("[]");
    assertThat(json.path("version").asText()).isEqualTo(VERSION.shortSha());
  }

  @Test
  void meansAloneHaveNoQuantiles() throws Exception {
    JsonNode json = json(ForecastDocument.of(forecast(List.of(), 0, new double[] {1, 2})));

    assertThat(json.path("mean")).hasToString("[1.0,2.0]");
    assertThat(json.path("quantiles")).hasToString("[]");
  }

  @Test
  void classesHaveProbabilities() throws Exception {
    JsonNode json =
        json(ForecastDocument.of(forecast(List.of(), 2, new double[] {0.25f, 0.75f, 1, 0})));

    assertThat(json.path("classes").asInt()).isEqualTo(2);
    assertThat(json.path("mean")).hasToString("[]");
    assertThat(json.path("probabilities")).hasToString("[[0.25,1.0],[0.75,0.0]]");
  }

  @Test
  void numbersThatJsonLacksAreNull() throws Exception {
    double[] values = {Float.NaN, Float.POSITIVE_INFINITY};
    Forecast forecast = forecast(List.of(), 0, values);

    JsonNode json =
        json(ForecastDocument.Event.of(forecast, List.of(new StoredSeries.Step(1000, Double.NaN))));

    assertThat(json.path("mean")).hasToString("[null,null]");
    assertThat(json.path("observed")).hasToString("[1000,null]");
    assertThat(json.path("steps")).hasToString("[[1000,null]]");
    assertThat(json.path("originMs").asLong()).isEqualTo(1000);
    assertThat(json(ForecastDocument.Event.of(forecast, List.of())).path("observed").isNull())
        .isTrue();
    assertThat(json(Map.of("a", Double.NaN, "b", new double[] {1, Double.NaN})).path("b"))
        .hasToString("[1.0,null]");
    assertThat(json(Map.of("a", new double[] {Float.NEGATIVE_INFINITY})).path("a"))
        .hasToString("[null]");
  }

  @Test
  void lastRevisionOfEachOriginCounts() {
    Forecast first = at(1000);
    Forecast second = at(2000);
    Forecast revised = at(1000).revised(1);

    assertThat(SeriesDocument.newestByOrigin(List.of(first, second, revised), 9))
        .containsExactly(second, revised);
    assertThat(SeriesDocument.newestByOrigin(List.of(first, second), 1)).containsExactly(second);
  }

  @Test
  void mergedListsAreInOrderOfBytesWithoutDuplicates() {
    // In UTF-16 the surrogates of the second name sort before the first one.
    SeriesListDocument one = list(false, "a", "\uFF21");
    SeriesListDocument two = list(true, "\uD83D\uDE00", "b", "a");

    SeriesListDocument merged = SeriesListDocument.merge(List.of(one, two), 10, "a reason");

    assertThat(merged.series())
        .extracting(SeriesListDocument.Item::name)
        .containsExactly("a", "b", "\uFF21", "\uD83D\uDE00");
    assertThat(merged.truncated()).isTrue();
    assertThat(merged.incomplete()).isEqualTo("a reason");
    assertThat(SeriesListDocument.merge(List.of(one), 1, null).truncated()).isTrue();
    assertThat(SeriesListDocument.merge(List.of(one), 2, null).truncated()).isFalse();
  }

  @Test
  void accuracyIsRelativeToTheBaselineOnTheSameSeries() {
    List<ScoredForecast> scores =
        List.of(
            score(true, 2, 4, 4, new float[] {0, 1}),
            score(true, 10, 10, 20, new float[] {1, 1}),
            score(false, 100, 1, 1, new float[] {0, 0}));

    AccuracyDocument accuracy = Objects.requireNonNull(AccuracyDocument.ofScores(scores));

    assertThat(accuracy.forecasts()).isEqualTo(2);
    assertThat(accuracy.mase()).isEqualTo(0.5);
    assertThat(accuracy.baselineMase()).isEqualTo(0.75);
    assertThat(accuracy.skill()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(accuracy.coverage()).containsExactly(0.5, 1.0);
    assertThat(AccuracyDocument.ofScores(List.of())).isNull();
    assertThat(AccuracyDocument.ofScores(scores.subList(2, 3))).isNull();
  }

  @Test
  void accuracyOfInstancesIsWeightedByForecasts() {
    AccuracyDocument one =
        AccuracyDocument.ofScores(
            List.of(
                score(true, 1, 1, 1, new float[] {1, 1}),
                score(true, 1, 1, 1, new float[] {1, 1}),
                score(true, 1, 1, 1, new float[] {1, 1})));
    AccuracyDocument other =
        AccuracyDocument.ofScores(List.of(score(true, 5, 1, 1, new float[] {0, 1})));

    AccuracyDocument merged = Objects.requireNonNull(AccuracyDocument.merge(one, other));

    assertThat(merged.forecasts()).isEqualTo(4);
    assertThat(merged.mase()).isEqualTo(2);
    assertThat(merged.coverage()).containsExactly(0.75, 1.0);
    assertThat(AccuracyDocument.merge(one, null)).isEqualTo(one);
    assertThat(AccuracyDocument.merge(null, null)).isNull();
  }

  @Test
  void statusOfInstancesIsSummed() {
    StatusDocument one = status(2, Map.of("invalid", 1L), null);
    StatusDocument other = status(3, Map.of("invalid", 2L, "no_version", 1L), 24);
    List<StatusDocument.Instance> known =
        List.of(new StatusDocument.Instance("a:1", "http://a:1", null));

    StatusDocument merged = one.merge(List.of(other), known);

    assertThat(merged.counts().events()).isEqualTo(5);
    assertThat(merged.counts().deadLetters()).isEqualTo(Map.of("invalid", 3L, "no_version", 1L));
    assertThat(merged.series()).isEqualTo(new StatusDocument.Series(10, 2));
    assertThat(merged.instances()).isEqualTo(known);
    assertThat(merged.horizon()).isEqualTo(24);
  }

  @Test
  void versionsOfInstancesAreSummedByRoleAndEpoch() {
    ModelsDocument one =
        new ModelsDocument(
            "m", List.of(version("serves", 2, 5, null), version("shadow", 3, 0, null)));
    ModelsDocument other =
        new ModelsDocument(
            "m", List.of(version("serves", 2, 7, "too large"), version("replaced", 1, 1, null)));

    ModelsDocument merged = ModelsDocument.merge(List.of(one, other));

    assertThat(merged.versions())
        .extracting(ModelsDocument.Version::role)
        .containsExactly("serves", "shadow", "replaced");
    assertThat(merged.versions().get(0).series()).isEqualTo(12);
    assertThat(merged.versions().get(0).rejected()).isEqualTo("too large");
  }

  @Test
  void parsesEventIds() {
    assertThat(EventId.parse("3-18215")).isEqualTo(new EventId(3, 18215));
    assertThat(new EventId(3, 18215)).hasToString("3-18215");
    for (String invalid : Set.of("", "3", "-1", "3-", "a-b", "3-99999999999999999999", "3-1-2")) {
      assertThat(EventId.parse(invalid)).isNull();
    }
    assertThat(EventId.parse(null)).isNull();
  }

  private static ModelsDocument.Version version(
      String role, long epoch, long series, @Nullable String rejected) {
    return new ModelsDocument.Version(
        "9f2c1a7be035", role, epoch, "all", null, "", series, 0, rejected, null);
  }

  private static StatusDocument status(
      long events, Map<String, Long> deadLetters, @Nullable Integer horizon) {
    return new StatusDocument(
        "a",
        "m",
        "i",
        "RUNNING",
        "1",
        List.of(),
        new StatusDocument.Topics("a", "b", "c", "d", "e", "f", "g"),
        1,
        new StatusDocument.Counts(events, 0, deadLetters, Map.of(), 0),
        new StatusDocument.Series(5, 1),
        List.of(),
        horizon,
        horizon == null ? null : "PT1S",
        horizon == null ? null : 1000L,
        List.of());
  }

  private static SeriesListDocument list(boolean isTruncated, String... names) {
    return new SeriesListDocument(
        java.util.Arrays.stream(names)
            .map(name -> new SeriesListDocument.Item(name, 0L, 1.0, "9f2c1a7be035", 0))
            .toList(),
        isTruncated,
        null);
  }

  private static ScoredForecast score(
      boolean isWarm, float error, float naiveError, double scale, float[] coverage) {
    float[] none = {};
    Score score =
        new Score(
            origin(1000, isWarm),
            List.of(0.1, 0.9),
            new Score.Errors(
                new float[] {error, Float.NaN}, new float[] {1, Float.NaN}, none, coverage, none),
            new Score.Naive(new float[] {naiveError, Float.NaN}, scale),
            new int[0]);
    return new ScoredForecast(score, Role.SERVE, null);
  }

  private static Forecast at(long originMs) {
    return new Forecast(origin(originMs, true), List.of(), 0, new double[] {1});
  }

  private static Forecast forecast(List<Double> levels, int classes, double[] values) {
    return new Forecast(origin(1000, true), levels, classes, values);
  }

  private static Forecast.Origin origin(long originMs, boolean isWarm) {
    return new Forecast.Origin(
        "a", originMs, Interval.ofMillis(100), new Forecast.Served(VERSION, 3), isWarm);
  }

  private static JsonNode json(Object document) throws Exception {
    return new ObjectMapper().readTree(Response.json(document).body());
  }
}
