package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.fuzz.RequestFuzzer;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Scope;
import io.eddy.series.Observation;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP API of two instances that share the partitions of one broker. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ApiIT {
  private static final String MODEL = "api";
  private static final String TOKEN = "api-test-token-0123456789";
  private static final String[] AUTHORIZED = {"Authorization", "Bearer " + TOKEN};
  private static final int PARTITIONS = 4;
  private static final int CONTEXT = 24;
  private static final int HOURS = 40;
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final byte[] FIRST =
      Models.file(Models.specification(CellKind.GRU, 8, CONTEXT), 1);
  private static final byte[] SECOND =
      Models.file(Models.specification(CellKind.GRU, 8, CONTEXT), 2);
  private static final List<String> ODD_NAMES =
      List.of(
          "plant-7/line 1",
          "Höhe/温度 🌡",
          "a\"b\\c<script>",
          "100%+?#&=;",
          "x/stream",
          "x",
          "y".repeat(1000));

  @TempDir static Path folder;
  private static RunningEddy eddy;
  private static ServingInstance first;
  private static ServingInstance second;
  private static boolean isSecondClosed;
  private static KafkaProducer<byte[], byte[]> producer;
  private static List<String> names;

  @BeforeAll
  static void start() throws Exception {
    eddy = new RunningEddy(folder, TopicNames.DEFAULT, PARTITIONS, MODEL);
    producer =
        new KafkaProducer<>(eddy.client(), new ByteArraySerializer(), new ByteArraySerializer());
    EddyConfig firstConfig = config("first");
    EddyConfig secondConfig = config("second");
    first = new ServingInstance(firstConfig);
    second = new ServingInstance(secondConfig);
    HttpResponse<String> early = first.get("/api/status", AUTHORIZED);
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.headers().firstValue("Retry-After")).isPresent();
    assertThat(early.body()).contains("first activation of model " + MODEL);

    names = new ArrayList<>(ODD_NAMES);
    for (int i = 0; i < 30; i++) {
      names.add("sensor-" + i);
    }
    eddy.activate(FIRST);
    for (int hour = 0; hour < HOURS; hour++) {
      for (String name : names) {
        // A gap of two steps.
        if (hour != HOURS - 4 && hour != HOURS - 3) {
          send(name, hour);
        }
      }
    }
    send("sensor-0", 0);
    var unused =
        producer.send(
            new ProducerRecord<>(
                TopicNames.DEFAULT.events(),
                "sensor-0".getBytes(StandardCharsets.UTF_8),
                "garbage".getBytes(StandardCharsets.UTF_8)));
    producer.flush();
    first.start(firstConfig);
    second.start(secondConfig);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(listed(first, "?limit=1000").path("series")).hasSize(names.size());
              assertThat(partitions(first)).isNotEmpty();
              assertThat(partitions(second)).isNotEmpty();
              for (String name : names) {
                assertThat(first.json(path(name), AUTHORIZED).path("forecast").path("originMs"))
                    .as(name)
                    .isEqualTo(first.json(path(name), AUTHORIZED).path("lastStepMs"));
              }
            });
  }

  @AfterAll
  static void stop() {
    for (AutoCloseable each :
        isSecondClosed
            ? new AutoCloseable[] {first, producer, eddy}
            : new AutoCloseable[] {first, second, producer, eddy}) {
      try {
        if (each != null) {
          each.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static EddyConfig config(String instance) throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("application.id", "api");
    settings.put("http.listen", "127.0.0.1:0");
    settings.put("http.token", TOKEN);
    return new SettingSources().file(eddy.config(instance, settings)).load();
  }

  private static void send(String series, int hour) {
    long timeMs = (1000L + hour) * HOUR;
    var unused =
        producer.send(
            new ProducerRecord<>(
                TopicNames.DEFAULT.events(),
                null,
                timeMs,
                series.getBytes(StandardCharsets.UTF_8),
                new EventEncoder(EventFormat.JSON)
                    .encode(new Observation(series, timeMs, value(hour)))));
  }

  private static double value(int hour) {
    return 20 + 5 * StrictMath.sin(hour / 4.0);
  }

  private static String path(String series) {
    return "/api/series/" + encode(series);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Set<Integer> partitions(ServingInstance instance) throws Exception {
    HttpResponse<String> own =
        instance.get(
            "/api/series?limit=1", "Authorization", "Bearer " + TOKEN, "Eddy-Forwarded", "test");
    Set<Integer> partitions = new TreeSet<>();
    for (String each : own.headers().firstValue("Eddy-Partitions").orElse("").split(",", -1)) {
      if (!each.isEmpty()) {
        partitions.add(Integer.valueOf(each));
      }
    }
    return partitions;
  }

  private static JsonNode listed(ServingInstance instance, String query) throws Exception {
    return instance.json("/api/series" + query, AUTHORIZED);
  }

  private static List<String> listedNames(ServingInstance instance, String query) throws Exception {
    List<String> found = new ArrayList<>();
    listed(instance, query).path("series").forEach(item -> found.add(item.path("name").asText()));
    return found;
  }

  /** Returns a series that an instance holds. */
  private static String seriesOf(ServingInstance instance) throws Exception {
    Set<Integer> partitions = partitions(instance);
    for (JsonNode item : listed(instance, "?prefix=sensor-").path("series")) {
      if (partitions.contains(item.path("partition").asInt())) {
        return item.path("name").asText();
      }
    }
    throw new AssertionError("no series in partitions " + partitions);
  }

  @Test
  @Order(1)
  void everyInstanceListsAllSeriesInOrder() throws Exception {
    List<String> sorted =
        names.stream()
            .sorted(
                (a, b) ->
                    java.util.Arrays.compareUnsigned(
                        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)))
            .toList();
    Set<Integer> both = new TreeSet<>(partitions(first));
    both.addAll(partitions(second));

    assertThat(both).containsExactly(0, 1, 2, 3);
    for (ServingInstance instance : List.of(first, second)) {
      assertThat(listedNames(instance, "?limit=1000")).isEqualTo(sorted);
      assertThat(listedNames(instance, "?limit=3")).isEqualTo(sorted.subList(0, 3));
      assertThat(listed(instance, "?limit=3").path("truncated").asBoolean()).isTrue();
      assertThat(listed(instance, "?limit=1000").path("truncated").asBoolean()).isFalse();
      assertThat(listed(instance, "").path("incomplete").isNull()).isTrue();
      assertThat(listedNames(instance, "?prefix=sensor-1"))
          .hasSize(11)
          .allMatch(name -> name.startsWith("sensor-1"));
      assertThat(listedNames(instance, "?prefix=" + encode("Höhe/"))).containsExactly("Höhe/温度 🌡");
      assertThat(listedNames(instance, "?prefix=unknown")).isEmpty();
    }
    JsonNode item = listed(first, "?prefix=sensor-0").path("series").get(0);
    assertThat(item.path("lastStepMs").asLong()).isEqualTo((1000L + HOURS - 1) * HOUR);
    assertThat(item.path("lastValue").asDouble()).isEqualTo(value(HOURS - 1));
    assertThat(item.path("version").asText()).isEqualTo(ModelVersion.of(FIRST).shortSha());
  }

  @Test
  @Order(2)
  void everyInstanceAnswersForEverySeries() throws Exception {
    for (String name : names) {
      JsonNode series = first.json(path(name), AUTHORIZED);

      assertThat(second.json(path(name), AUTHORIZED)).isEqualTo(series);
      assertThat(series.path("name").asText()).isEqualTo(name);
    }
    JsonNode series = first.json(path("sensor-3"), AUTHORIZED);
    JsonNode history = series.path("history");
    assertThat(history).hasSize(CONTEXT);
    for (int i = 0; i < CONTEXT; i++) {
      int hour = HOURS - CONTEXT + i;
      assertThat(history.get(i).get(0).asLong()).isEqualTo((1000L + hour) * HOUR);
      if (hour == HOURS - 4 || hour == HOURS - 3) {
        assertThat(history.get(i).get(1).isNull()).isTrue();
      } else {
        assertThat(history.get(i).get(1).asDouble()).isEqualTo(value(hour));
      }
    }
    assertThat(first.json(path("sensor-3") + "?steps=5", AUTHORIZED).path("history")).hasSize(5);
    assertThat(series.path("pendingMigration").isNull()).isTrue();
    JsonNode forecast = series.path("forecast");
    assertThat(forecast.path("quantiles")).hasSize(3);
    assertThat(forecast.path("quantiles").get(2)).hasSize(4);
    assertThat(forecast.path("mean")).hasSize(4);
    assertThat(forecast.path("timesMs").get(3).asLong())
        .isEqualTo(series.path("lastStepMs").asLong() + 4 * HOUR);
    assertThat(series.path("pastForecasts")).hasSizeBetween(5, 8);
    assertThat(series.path("pastForecasts").get(0).path("originMs").asLong())
        .isEqualTo(series.path("lastStepMs").asLong() - HOUR);
    assertThat(series.path("accuracy").path("forecasts").asInt()).isPositive();
    assertThat(series.path("accuracy").path("coverage")).hasSize(3);
  }

  @Test
  @Order(3)
  void rejectsWhatItCannotAnswer() throws Exception {
    for (ServingInstance instance : List.of(first, second)) {
      assertError(instance, "/api/series/unknown", 404, "series \"unknown\" is unknown");
      assertError(instance, "/api/series/unknown/stream", 404, "series \"unknown\" is unknown");
    }
    assertError(first, "/api/series/", 400, "the path names no series");
    assertError(first, "/api/series/%FF", 400, "not UTF-8");
    assertError(first, "/api/series?limit=0", 400, "limit: expected");
    assertError(first, "/api/series?limit=1001", 400, "limit: expected");
    assertError(first, "/api/series?limit=many", 400, "limit: expected");
    assertError(first, "/api/series?prefix=" + "p".repeat(1025), 400, "prefix: expected");
    assertError(first, path("sensor-0") + "?steps=0", 400, "steps: expected");
    assertError(first, "/api/nothing", 404, "no such path");
    assertThat(first.get("/api/series").statusCode()).isEqualTo(401);
  }

  private static void assertError(ServingInstance instance, String path, int status, String reason)
      throws Exception {
    HttpResponse<String> response = instance.get(path, AUTHORIZED);
    assertThat(response.statusCode()).as(path).isEqualTo(status);
    assertThat(new ObjectMapper().readTree(response.body()).path("error").asText())
        .contains(reason);
  }

  @Test
  @Order(4)
  void streamsForecastsOfAnyInstanceAndResumes() throws Exception {
    for (String series : List.of(seriesOf(first), seriesOf(second))) {
      String lastId;
      try (EventStreamClient stream =
          new EventStreamClient(first.uri(path(series) + "/stream"), AUTHORIZED)) {
        awaitOrigin(stream, HOURS - 1);
        for (int hour = HOURS; hour < HOURS + 3; hour++) {
          send(series, hour);
          producer.flush();
          awaitOrigin(stream, hour);
        }
        List<EventStreamClient.Event> events = stream.events("forecast");
        assertThat(events).hasSize(4);
        JsonNode event = events.get(3).data();
        assertThat(event.path("observed").get(1).asDouble()).isEqualTo(value(HOURS + 2));
        JsonNode forecast = first.json(path(series), AUTHORIZED).path("forecast");
        forecast
            .properties()
            .forEach(
                field ->
                    assertThat(event.path(field.getKey()))
                        .as(field.getKey())
                        .isEqualTo(field.getValue()));
        assertThat(stream.others()).contains("retry: 2000");
        lastId = events.get(1).id();
      }
      try (EventStreamClient resumed =
          new EventStreamClient(
              first.uri(path(series) + "/stream"),
              "Authorization",
              "Bearer " + TOKEN,
              "Last-Event-ID",
              lastId)) {
        awaitOrigin(resumed, HOURS + 2);
        assertThat(resumed.events("forecast"))
            .extracting(event -> event.data().path("originMs").asLong() / HOUR - 1000)
            .containsExactly(HOURS + 1L, HOURS + 2L);
      }
    }
  }

  /** Waits for a forecast; two seconds are the limit of a page that feels live. */
  private static void awaitOrigin(EventStreamClient stream, int hour) {
    await()
        .atMost(Duration.ofSeconds(2))
        .until(
            () ->
                stream.hasEvent(
                    "forecast", data -> data.path("originMs").asLong() == (1000L + hour) * HOUR));
  }

  @Test
  @Order(5)
  void statusCoversAllInstances() throws Exception {
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () ->
                assertThat(
                        first.json("/api/status", AUTHORIZED).path("series").path("active").asInt())
                    .isEqualTo(names.size()));
    JsonNode status = second.json("/api/status", AUTHORIZED);

    assertThat(status.path("instances")).hasSize(2);
    assertThat(status.path("instances").get(0).path("error").isNull()).isTrue();
    assertThat(status.path("instances").get(1).path("error").isNull()).isTrue();
    assertThat(status.path("horizon").asInt()).isEqualTo(4);
    assertThat(status.path("intervalMs").asLong()).isEqualTo(HOUR);
    assertThat(status.path("quantileLevels")).hasSize(3);
    assertThat(status.path("state").asText()).isEqualTo("RUNNING");
    // Events of an aborted transaction are counted again.
    int sent = names.size() * (HOURS - 2) + 2 * 3;
    JsonNode counts = status.path("counts");
    assertThat(counts.path("events").asInt()).isGreaterThanOrEqualTo(sent + 2);
    assertThat(counts.path("forecasts").asInt()).isGreaterThanOrEqualTo(sent);
    assertThat(counts.path("deadLetters").path("invalid").asInt()).isPositive();
    assertThat(counts.path("dropped").path("late").asInt()).isPositive();
    assertThat(counts.path("late").asInt()).isPositive();
    try (EventStreamClient stream = new EventStreamClient(first.uri("/api/stream"), AUTHORIZED)) {
      await().atMost(Duration.ofSeconds(6)).until(() -> stream.events("status").size() >= 2);
      JsonNode event = stream.events("status").get(0).data();
      assertThat(event.path("status").path("series").path("active").asInt())
          .isEqualTo(names.size());
      assertThat(event.path("models").path("versions")).hasSize(1);
    }
  }

  @Test
  @Order(6)
  void modelsCountSeriesByActivation() throws Exception {
    eddy.registry().publisher().publish(MODEL, SECOND);
    eddy.registry()
        .rollout()
        .activate(
            MODEL,
            ModelVersion.of(SECOND),
            "better",
            Terms.serving(new Scope.Prefix("sensor-1"), null));
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> {
              JsonNode pending = first.json(path("sensor-1"), AUTHORIZED).path("pendingMigration");
              assertThat(pending.path("version").asText())
                  .isEqualTo(ModelVersion.of(SECOND).shortSha());
              assertThat(pending.path("epoch").asLong()).isEqualTo(2);
            });
    for (int hour = HOURS; hour < HOURS + 6; hour++) {
      send("sensor-1", hour);
    }
    producer.flush();
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () -> {
              JsonNode versions = second.json("/api/models", AUTHORIZED).path("versions");
              assertThat(versions).hasSize(2);
              assertThat(versions.get(0).path("scope").asText()).isEqualTo("prefix sensor-1");
              assertThat(versions.get(0).path("reason").asText()).isEqualTo("better");
              assertThat(versions.get(0).path("series").asInt()).isEqualTo(1);
              assertThat(versions.get(1).path("series").asInt()).isEqualTo(names.size() - 1);
              assertThat(versions.get(1).path("pendingMigrations").asInt()).isEqualTo(10);
              assertThat(versions.get(1).path("accuracy").path("forecasts").asInt())
                  .isGreaterThan(names.size());
            });
  }

  /** Compares the fields of the examples in the documentation with those of the answers. */
  @Test
  @Order(7)
  void documentationHasTheFieldsOfTheAnswers() throws Exception {
    String text = Files.readString(Path.of("src/docs/api.md"));
    Matcher blocks = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(text);
    List<JsonNode> examples = new ArrayList<>();
    while (blocks.find()) {
      examples.add(new ObjectMapper().readTree(blocks.group(1)));
    }
    List<JsonNode> answers =
        List.of(
            new ObjectMapper().readTree(first.get("/api/series/none", AUTHORIZED).body()),
            first.json("/api/status", AUTHORIZED),
            first.json("/api/models", AUTHORIZED),
            first.json("/api/series", AUTHORIZED),
            first.json(path("sensor-10"), AUTHORIZED));
    assertThat(examples).hasSameSizeAs(answers);
    for (int i = 0; i < examples.size(); i++) {
      assertThat(fields(answers.get(i))).isEqualTo(fields(examples.get(i)));
    }
  }

  /** Returns the paths of all fields; those of counts by reason and of components are left out. */
  private static Set<String> fields(JsonNode node) {
    Set<String> fields = new TreeSet<>();
    collect(node, "", fields);
    return fields;
  }

  private static void collect(JsonNode node, String path, Set<String> fields) {
    if (node.isArray()) {
      node.forEach(item -> collect(item, path + "[]", fields));
    } else if (node.isObject()) {
      node.properties()
          .forEach(
              field -> {
                fields.add(path + "." + field.getKey());
                if (!field.getKey().equals("deadLetters")
                    && !field.getKey().equals("dropped")
                    && !field.getKey().equals("mainComponents")
                    && !field.getKey().equals("pastForecasts")) {
                  collect(field.getValue(), path + "." + field.getKey(), fields);
                }
              });
    }
  }

  @Test
  @Order(7)
  void answersMutatedRequests() throws Exception {
    String token = "Authorization: Bearer " + TOKEN;
    new RequestFuzzer(first.uri("").getPort(), 200)
        .fuzz(
            List.of(
                RequestFuzzer.get(path(seriesOf(first)) + "?steps=30", token),
                RequestFuzzer.get(path(seriesOf(second)), token),
                RequestFuzzer.get(path(seriesOf(first)) + "/stream", token),
                RequestFuzzer.get("/api/series?prefix=sensor&limit=9", token),
                RequestFuzzer.get("/api/series?limit=1", token, "Eddy-Forwarded: a:1"),
                RequestFuzzer.get("/api/status", token, "Eddy-Forwarded: a:1"),
                RequestFuzzer.get("/api/models", token),
                RequestFuzzer.get("/metrics", token)),
            RequestFuzzer.get("/api/status", token));
  }

  @Test
  @Order(8)
  void survivorAnswersAfterAnInstanceStops() throws Exception {
    String moved = seriesOf(second);
    try (EventStreamClient stream =
        new EventStreamClient(first.uri(path(moved) + "/stream"), AUTHORIZED)) {
      second.close();
      isSecondClosed = true;
      await().atMost(Duration.ofSeconds(5)).until(stream::isEnded);
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              HttpResponse<String> response = first.get(path(moved), AUTHORIZED);
              // Never "unknown" while the partition moves.
              assertThat(response.statusCode()).isNotEqualTo(404);
              assertThat(response.statusCode()).isEqualTo(200);
            });
    assertThat(listedNames(first, "?limit=1000")).hasSize(names.size());
  }
}
