package io.eddy.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.Main;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Resets an application, deletes its topics and alters their partitions, over a broker. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ResetCommandIT {
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 4, 12), 1);
  private static final int EVENTS = 4 * 24;

  @TempDir Path folder;

  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path config = Path.of("");

  @AfterAll
  void stop() {
    broker.close();
  }

  /** An operator's day: every step builds on the one before. */
  @Test
  void resetsStoppedApplication() throws Exception {
    prepare("plain", "");
    try (Forecaster forecaster = start()) {
      awaitForecasts("plain", EVENTS);
      assertRefusedWhileRunning("plain", forecaster);
    }
    assertThat(run("verify")).as(out.toString()).isZero();

    assertDryRunChangesNothing();
    assertThat(run("reset")).isEqualTo(2);
    assertThat(err.toString()).contains("repeat the command with --yes");
    assertPositions();

    assertThat(output("reset", "--yes")).contains("kept: topics plain-events");
    assertThat(folder.resolve("plain-state/plain")).doesNotExist();
    assertThat(topics()).noneMatch(topic -> topic.startsWith("plain-series-"));
    output("topics", "delete", "plain-forecasts", "plain-scores", "--yes");
    output("topics", "create");
    serveUntil("plain", EVENTS);
    assertThat(run("verify")).as(out.toString()).isZero();

    assertLocalStateIsRestored();
    assertForecastsFollowEvents();
    assertDeletesOwnTopics();
  }

  private void assertRefusedWhileRunning(String application, Forecaster forecaster) {
    for (List<String> command :
        List.of(
            List.of("reset", "--yes"),
            List.of("reset", "--dry-run"),
            List.of("topics", "delete", "--yes"),
            List.of("topics", "alter"))) {
      assertThat(run(command.toArray(String[]::new))).as(command.toString()).isEqualTo(1);
      assertThat(err.toString())
          .startsWith("eddy: application " + application + " is running: stop every instance")
          .containsPattern("member " + application + "-\\S+ at 127.0.0.1 in group " + application)
          .contains("-promotion at 127.0.0.1 in group " + application + "-promotion");
    }
    assertThat(run("reset", "--local", "--yes")).isEqualTo(1);
    assertThat(err.toString()).contains("is in use by a running forecaster");
    forecaster.requireAlive();
  }

  private void assertDryRunChangesNothing() throws Exception {
    JsonNode plan = new ObjectMapper().readTree(output("reset", "--dry-run", "--json"));
    assertThat(plan.get("done").asBoolean()).isFalse();
    assertThat(plan.get("offsets")).hasSize(2);
    long committed = 0;
    for (JsonNode offset : plan.get("offsets")) {
      assertThat(offset.get("to").asLong()).isZero();
      assertThat(offset.get("from").asLong()).isLessThanOrEqualTo(offset.get("end").asLong());
      committed += offset.get("from").asLong();
    }
    assertThat(committed).isEqualTo(EVENTS);
    assertThat(plan.get("deletedTopics")).hasSize(3);
    assertThat(plan.get("deletedStateFolder").asText()).endsWith("plain-state/plain");
    assertThat(new ObjectMapper().readTree(output("reset", "--dry-run", "--json"))).isEqualTo(plan);
    assertThat(folder.resolve("plain-state/plain")).isDirectory();
  }

  private void assertPositions() throws Exception {
    JsonNode latest =
        new ObjectMapper().readTree(output("reset", "--to-latest", "--dry-run", "--json"));
    latest
        .get("offsets")
        .forEach(
            offset -> assertThat(offset.get("to").asLong()).isEqualTo(offset.get("end").asLong()));
    JsonNode half =
        new ObjectMapper()
            .readTree(
                output("reset", "--to-datetime", "2026-01-05T12:00:00Z", "--dry-run", "--json"));
    assertThat(
            half.get("offsets").get(0).get("to").asLong()
                + half.get("offsets").get(1).get("to").asLong())
        .isEqualTo(EVENTS / 2);
    assertThat(output("reset", "--to-offset", "0=1,1=2", "--dry-run"))
        .containsPattern("plain-events-0 +\\d+ +1 ")
        .containsPattern("plain-events-1 +\\d+ +2 ");
    assertThat(run("reset", "--to-offset", "0=1", "--dry-run")).isEqualTo(2);
    assertThat(err.toString()).contains("plain-events-1: expected an offset of 0 to");
    assertThat(run("reset", "--to-offset", "0=1,1=2,2=3", "--dry-run")).isEqualTo(2);
    assertThat(err.toString()).contains("partition 2 does not exist");
    assertThat(run("reset", "--to-latest", "--to-earliest", "--dry-run")).isEqualTo(2);
  }

  private void assertLocalStateIsRestored() throws Exception {
    assertThat(output("reset", "--local", "--yes")).contains("deleted the local state");
    assertThat(output("reset", "--local", "--yes")).contains("there is no local state in");
    feed("2026-01-06", 1);
    serveUntil("plain", EVENTS + 4);
    assertThat(run("verify")).as(out.toString()).isZero();
  }

  private void assertForecastsFollowEvents() {
    try (BrokerAdmin admin = admin()) {
      admin.await(
          admin
              .client()
              .createPartitions(Map.of("plain-events", NewPartitions.increaseTo(3)))
              .all(),
          "Alter");
    }
    assertThat(run("topics", "check")).isEqualTo(1);
    assertThat(err.toString()).contains("run `eddy topics alter --config ");
    assertThat(output("topics", "alter", "--dry-run"))
        .contains("would alter plain-forecasts: partitions 2 → 3\n", "would move the states");
    assertThat(output("topics", "alter", "--settle", "PT0S"))
        .contains("altering plain-forecasts: partitions 2 → 3\n");
    assertThat(run("verify")).as(out.toString()).isZero();
    assertThat(output("topics", "alter", "--json"))
        .isEqualTo("{\"done\":true,\"changes\":[],\"partitioner\":null,\"movedSeries\":0}\n");
    assertThat(output("topics", "check")).contains("no problems found");
    output("reset", "--yes");
  }

  private void assertDeletesOwnTopics() {
    assertThat(run("topics", "delete")).isEqualTo(2);
    assertThat(out.toString()).contains("plain-forecasts").doesNotContain("plain-events");
    assertThat(run("topics", "delete", "other", "--yes")).isEqualTo(2);
    assertThat(err.toString()).contains("other is not a topic of these settings");
    assertThat(topics()).contains("plain-models", "plain-events");
    output("topics", "delete", "--yes");
    assertThat(topics()).contains("plain-events").doesNotContain("plain-models", "plain-forecasts");
    assertThat(output("topics", "delete", "--yes")).isEqualTo("none of the topics exists\n");
    output("topics", "delete", "plain-events", "--yes");
    assertThat(topics()).noneMatch(topic -> topic.startsWith("plain-"));
  }

  /** Events are re-keyed again, so that the keyed ones must not be processed twice. */
  @Test
  void deletesKeyedEvents() throws Exception {
    prepare("keyed", "topic.keyed-events = keyed-keyed\nevents.key = meter\n");
    serveUntil("keyed", EVENTS);

    assertThat(output("reset", "--yes")).contains("cannot compare those of the deleted keyed");
    serveUntil("keyed", 2 * EVENTS);

    assertThat(records("keyed-keyed")).isEqualTo(EVENTS);
    assertThat(run("verify")).as(out.toString()).isZero();
  }

  @Test
  void resetsGroupOfStreamsProtocol() throws Exception {
    prepare("modern", "");
    try (Forecaster forecaster = start(Map.of("group.protocol", "streams"))) {
      awaitForecasts("modern", EVENTS);
      assertRefusedWhileRunning("modern", forecaster);
    }
    assertThat(output("reset", "--yes")).contains("which `eddy verify` reports as duplicates");

    JsonNode plan = new ObjectMapper().readTree(output("reset", "--dry-run", "--json"));
    plan.get("offsets").forEach(offset -> assertThat(offset.get("from").asLong()).isZero());
  }

  /** Writes settings, creates the topics, publishes events and activates a model. */
  private void prepare(String application, String further) throws Exception {
    config = folder.resolve(application + ".properties");
    StringBuilder settings = new StringBuilder(further);
    for (String topic :
        List.of(
            "events", "forecasts", "scores", "models", "activations", "dead-letters", "status")) {
      settings.append("topic.%s = %s-%s\n".formatted(topic, application, topic));
    }
    Files.writeString(
        config,
        settings
            + """
            bootstrap.servers = %s
            application.id = %s
            model = %s
            state.dir = %s
            threads = 1
            rollback.max-error-above-naive = off
            """
                .formatted(
                    broker.bootstrapServers(),
                    application,
                    application,
                    folder.resolve(application + "-state")));
    output("topics", "create", "--partitions", "2");
    feed("2026-01-05", EVENTS / 4);
    Path file = folder.resolve(application + ".safetensors");
    Files.write(file, MODEL);
    output("models", "publish", file.toString());
    output("models", "activate", ModelVersion.of(MODEL).shortSha());
  }

  /** Publishes hourly events of four series. */
  private void feed(String day, int hours) throws Exception {
    StringBuilder csv = new StringBuilder("series,timestamp,value\n");
    for (int hour = 0; hour < hours; hour++) {
      for (int series = 0; series < 4; series++) {
        csv.append("s%d,%sT%02d:00:00Z,%d\n".formatted(series, day, hour, 10 + hour % 6));
      }
    }
    Path file = folder.resolve("events.csv");
    Files.writeString(file, csv);
    output("feed", "--csv", file.toString());
  }

  private Forecaster start() {
    return start(Map.of());
  }

  private Forecaster start(Map<String, Object> clientSettings) {
    EddyConfig settings = settings();
    Deployment deployment = settings.deployment();
    Map<String, Object> client = new HashMap<>(deployment.client());
    client.putAll(clientSettings);
    Forecaster forecaster =
        new Forecaster(
            settings.stream(),
            new Deployment(
                deployment.applicationId(),
                deployment.stateDir(),
                deployment.threads(),
                client,
                deployment.rollback(),
                RocksDbSettings.DEFAULT));
    forecaster.start();
    return forecaster;
  }

  private EddyConfig settings() {
    SettingSources sources = new SettingSources();
    sources.file(config);
    return sources.load();
  }

  private void serveUntil(String application, int forecasts) {
    try (Forecaster forecaster = start()) {
      awaitForecasts(application, forecasts);
      forecaster.requireAlive();
    }
  }

  private void awaitForecasts(String application, int count) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> records(application + "-forecasts") >= count);
  }

  /** Returns the number of committed records of a topic. */
  private int records(String topic) {
    int[] count = new int[1];
    new TopicReader(settings().client()).read(topic, record -> count[0]++);
    return count[0];
  }

  private BrokerAdmin admin() {
    return new BrokerAdmin(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private List<String> topics() {
    try (BrokerAdmin admin = admin()) {
      return List.copyOf(admin.await(admin.client().listTopics().names(), "Describe"));
    }
  }

  /** Runs a command that must succeed and returns its output. */
  private String output(String... arguments) {
    assertThat(run(arguments)).as("%s%n%s", List.of(arguments), err).isZero();
    return out.toString();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    return commands.execute(all.toArray(String[]::new));
  }
}
