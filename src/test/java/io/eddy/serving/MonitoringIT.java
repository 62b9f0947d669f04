package io.eddy.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Health and metrics of a forecaster through its life, read by a real Prometheus. */
@Timeout(120)
final class MonitoringIT {
  private static final String TOKEN = "a-token-of-16-characters";
  private static final String MODEL = "sensors";
  private static final Path MONITORING = Path.of("deploy", "monitoring");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 12), 1);
  private static final byte[] TOO_LARGE =
      Models.file(Models.specification(CellKind.LSTM, 32, 12), 2);

  /** Names of metrics in expressions and in a scrape. */
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:eddy|jvm|process|system|log4j2|kafka)_[a-z0-9_]+\\b");

  /** Families that the documentation describes as a whole. */
  private static final Pattern FOREIGN = Pattern.compile("(jvm|process|system|log4j2|kafka)_.*");

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private Map<String, Object> kafka = Map.of();
  private String url = "";

  @Test
  void healthAndMetricsFollowTheForecaster() throws Exception {
    PrometheusProcess.requireProgram("prometheus");
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
      try (TopicAdmin admin = new TopicAdmin(kafka)) {
        admin.create(TopicNames.DEFAULT, 2);
      }
      EddyConfig config = config(broker.bootstrapServers());
      try (ForecasterServer server = ForecasterServer.open(config)) {
        url = server.url().orElseThrow();
        assertHealth("started", 503, "connecting to the broker and checking the topics");
        assertHealth("ready", 503, "connecting to the broker and checking the topics");
        assertHealth("live", 200, "connecting to the broker and checking the topics");

        server.waitForActivation(MODEL);
        assertHealth("started", 200, "waiting for the first activation of model sensors");
        assertHealth("ready", 200, "waiting for the first activation of model sensors");
        assertThat(metrics()).contains("eddy_state{state=\"waiting\"} 1.0");

        try (PrometheusProcess prometheus = new PrometheusProcess(configuration(), folder)) {
          serve(server, config, prometheus);
        }
        assertHealth("ready", 503, "stopping");
        assertHealth("live", 200, "stopping");
      }
    }
    assertThatThrownBy(() -> get("/health/live")).isInstanceOf(ConnectException.class);
  }

  private void serve(ForecasterServer server, EddyConfig config, PrometheusProcess prometheus)
      throws Exception {
    ModelRegistry registry = new ModelRegistry(kafka, TopicNames.DEFAULT);
    registry.publisher().publish(MODEL, FIRST);
    registry.rollout().activate(MODEL, ModelVersion.of(FIRST), null, "test");
    try (Forecaster forecaster =
        new Forecaster(config.stream(), server.advertise(config.deployment()))) {
      server.serve(forecaster);
      assertHealth("started", 503, "joining the consumer group");
      assertHealth("ready", 503, "the forecaster is not running");
      forecaster.start();
      await().atMost(PATIENCE).untilAsserted(() -> assertHealth("ready", 200, "running"));
      assertHealth("started", 200, "all state was restored");
      assertHealth("live", 200, "all stream threads are alive");

      sendEvents();
      System.gc();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(value(prometheus, "sum(eddy_events_total)")).isEqualTo(205);
                assertThat(value(prometheus, "sum(eddy_forecasts_total)")).isEqualTo(200);
                assertThat(value(prometheus, "sum(eddy_series)")).isEqualTo(4);
              });
      assertThat(value(prometheus, "sum(eddy_dead_letters_total{reason=\"invalid\"})"))
          .isEqualTo(5);
      assertThat(value(prometheus, "sum(eddy_event_latency_seconds_count)")).isEqualTo(200);
      assertThat(value(prometheus, "sum(eddy_event_lag_records)")).isZero();
      assertThat(value(prometheus, "sum(eddy_scored_forecasts_total)")).isPositive();
      assertRulesAndDashboard(prometheus);
      assertDocumented(metrics());

      registry.publisher().publish(MODEL, TOO_LARGE);
      registry.rollout().activate(MODEL, ModelVersion.of(TOO_LARGE), null, "test");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(prometheus.firingAlerts()).contains("EddyModelLoadFailed"));
      assertHealth("ready", 200, "running");
      server.stopping();
    }
  }

  /** Evaluates every expression; every metric in it must have been scraped. */
  private static void assertRulesAndDashboard(PrometheusProcess prometheus) throws Exception {
    JsonNode rules = prometheus.json("/api/v1/rules").path("data").findValue("rules");
    assertThat(rules).isNotEmpty();
    assertThat(prometheus.json("/api/v1/rules").findValuesAsText("health")).containsOnly("ok");
    List<String> expressions =
        new ArrayList<>(prometheus.json("/api/v1/rules").findValuesAsText("query"));
    new ObjectMapper()
        .readTree(MONITORING.resolve("eddy-dashboard.json").toFile())
        .findValuesAsText("expr")
        .forEach(expression -> expressions.add(withoutVariables(expression)));
    assertThat(expressions).hasSizeGreaterThan(60);
    List<String> names = prometheus.metricNames();
    for (String expression : expressions) {
      prometheus.query(expression);
      assertThat(METRIC.matcher(expression).results().map(MatchResult::group))
          .as(expression)
          .isSubsetOf(names);
    }
  }

  private static String withoutVariables(String expression) {
    return expression
        .replace("$job", ".*")
        .replace("$instance", ".*")
        .replace("$__rate_interval", "1m");
  }

  /**
   * Every metric in a scrape is documented, every documented one is there, and labels are bounded.
   */
  private static void assertDocumented(String scrape) throws IOException {
    Set<String> scraped =
        scrape
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ", -1)[2])
            .collect(Collectors.toCollection(TreeSet::new));
    String page = Files.readString(Path.of("src", "docs", "metrics.md"));
    Set<String> documented =
        Pattern.compile("(?m)^\\| `((?:eddy|jvm|process|system|log4j2|kafka)_\\w+)` \\|")
            .matcher(page)
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(scraped).containsAll(documented);
    scraped.removeIf(name -> FOREIGN.matcher(name).matches());
    assertThat(documented).containsAll(scraped);
    assertThat(scrape).doesNotContain("plant-7");
  }

  /** Returns the configuration of deploy/monitoring with this server and short intervals. */
  private String configuration() throws IOException {
    String target = url.replace("http://", "");
    Path token = Files.writeString(folder.resolve("token"), TOKEN);
    return Files.readString(MONITORING.resolve("eddy-scrape.yml"))
        .replace("15s", "1s")
        .replace("localhost:8080", target)
        .replace("#authorization:", "authorization:")
        .replace("#  credentials_file: /etc/prometheus/eddy-token", "  credentials_file: " + token)
        .replace(
            "eddy-alerts.yml", MONITORING.resolve("eddy-alerts.yml").toAbsolutePath().toString());
  }

  /** Returns the value of an expression with one result. */
  private static double value(PrometheusProcess prometheus, String expression) throws Exception {
    JsonNode result = prometheus.query(expression);
    return result.isEmpty() ? Double.NaN : result.get(0).path("value").get(1).asDouble();
  }

  private EddyConfig config(String brokers) {
    return new SettingSources()
        .assignments(
            List.of(
                "bootstrap.servers=" + brokers,
                "application.id=monitoring",
                "state.dir=" + folder.resolve("state"),
                "model=" + MODEL,
                "models.max-bytes=20000",
                "rollback.max-error-above-naive=off",
                "http.listen=127.0.0.1:0",
                "http.token=" + TOKEN))
        .load();
  }

  private void assertHealth(String check, int status, String reason) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/health/" + check)).build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    JsonNode json = new ObjectMapper().readTree(answer.body());
    assertThat(json.path("reason").asText()).isEqualTo(reason);
    assertThat(answer.statusCode()).as(reason).isEqualTo(status);
    assertThat(json.path("status").asText()).isEqualTo(status == 200 ? "up" : "down");
  }

  private String metrics() throws Exception {
    return get("/metrics").body();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Bearer " + TOKEN)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void sendEvents() {
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka, bytes, bytes)) {
      for (int hour = 0; hour < 50; hour++) {
        for (int series = 0; series < 4; series++) {
          long atMs = (100 + hour) * Models.INTERVAL.toMillis();
          String name = "plant-7/" + series;
          send(producer, name, encoder.encode(new Observation(name, atMs, hour % 7 + series)));
        }
      }
      for (int i = 0; i < 5; i++) {
        send(producer, "plant-7/0", "{".getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, String series, byte[] value) {
    byte[] key = series.getBytes(StandardCharsets.UTF_8);
    var unused = producer.send(new ProducerRecord<>(TopicNames.DEFAULT.events(), key, value));
  }
}
