package io.eddy.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.CommandProcess;
import io.eddy.cli.Main;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.model.Covariate;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests {@code eddy models} over a broker. */
@Timeout(180)
final class ModelsCommandIT {
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] SECOND = Models.file(Models.specification(CellKind.LSTM, 8, 24), 2);

  @TempDir Path folder;

  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void makeTopics() {
    assertThat(run("topics", "create")).as(err.toString()).isZero();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void activatesListsRollsBackAndEndsScopes() throws IOException {
    publish(FIRST);
    publish(SECOND);
    String first = ModelVersion.of(FIRST).shortSha();
    String second = ModelVersion.of(SECOND).shortSha();

    assertThat(output("models", "activate", first))
        .isEqualTo(
            "version " + first + " serves model sensors under epoch 1, effective immediately\n");
    assertThat(
            output(
                "models", "activate", second, "--share", "10%", "--from", "2026-01-20T00:00:00Z"))
        .isEqualTo(
            "version %s serves share 10 %% of model sensors under epoch 2, effective from 2026-01-20T00:00:00Z\n"
                .formatted(second));
    assertThat(output("models", "activate", second, "--prefix", "plant-7/"))
        .isEqualTo(
            "version %s serves prefix plant-7/ of model sensors under epoch 3, effective immediately\n"
                .formatted(second));
    assertThat(output("models", "shadow", second)).contains(" shadows model sensors under epoch 4");

    assertThat(output("models", "list"))
        .contains("  serves all under epoch 1\n")
        .contains(
            "  shadows all under epoch 4; serves prefix plant-7/ under epoch 3; serves share 10 %"
                + " under epoch 2, from 2026-01-20T00:00:00Z\n");
    JsonNode listed = new ObjectMapper().readTree(output("models", "list", "--json"));
    assertThat(listed.get(1).get("activations").get(2).get("scope").asText())
        .isEqualTo("share 10 %");
    assertThat(listed.get(1).get("inForce")).hasSize(3);

    assertThat(output("models", "rollback", "--prefix", "plant-7/"))
        .isEqualTo(
            ("version %s stops serving prefix plant-7/ of model sensors under epoch 5, effective"
                    + " immediately, not throttled\n")
                .formatted(second));
    assertThat(output("models", "end", "--shadow")).contains(" stops shadowing model sensors ");
    assertThat(output("models", "activate", second))
        .contains(" under epoch 7, effective immediately");
    assertThat(err.toString())
        .isEqualTo(
            ("share 10 %% still has version %s under epoch 2; use `eddy models end"
                    + " --bootstrap-servers %s` or --everywhere to end it\n")
                .formatted(second, broker.bootstrapServers()));
    assertThat(output("models", "activate", first, "--everywhere").lines()).hasSize(2);
    assertThat(output("models", "retire", second, "--json"))
        .isEqualTo(
            "{\"version\":\"%s\",\"recordsDeleted\":2}\n".formatted(ModelVersion.of(SECOND).sha()));
    assertThat(output("models", "list").lines()).hasSize(2);
  }

  @Test
  void reportsImpossibleRequests() throws IOException {
    publish(FIRST);
    String first = ModelVersion.of(FIRST).shortSha();
    output("models", "activate", first);

    assertThat(run("models", "retire", first)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "eddy: version %s of model sensors serves all under epoch 1; activate another version first\n"
                .formatted(first));
    assertThat(run("models", "end")).isEqualTo(2);
    assertThat(run("models", "end", "--prefix", "x")).isEqualTo(1);
    assertThat(run("models", "activate", first, "--prefix", "x", "--share", "5")).isEqualTo(2);
    assertThat(err.toString()).contains("--prefix and --share exclude each other");
    assertThat(run("models", "activate", first, "--share", "ten")).isEqualTo(2);
    assertThat(err.toString()).contains("--share: expected a percentage such as 10%, got 'ten'");
    assertThat(run("models", "activate", first, "--share", "101")).isEqualTo(2);
    assertThat(run("models", "activate", first, "--everywhere", "--share", "5")).isEqualTo(2);
  }

  @Test
  void interruptedPublicationCanBeRepeated() throws Exception {
    byte[] large =
        Models.file(
            Models.withLayers(Models.specification(CellKind.LSTM, 1024, 24), List.of(1, 1), 2), 1);
    String version = ModelVersion.of(large).shortSha();
    Path file = write(large);

    try (CommandProcess publishing =
            new CommandProcess(with("models", "publish", file.toString()));
        KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      while (consumer.poll(Duration.ofSeconds(1)).isEmpty()) {
        assertThat(publishing.isAlive()).isTrue();
      }
      publishing.close();
    }

    assertThat(output("models", "list"))
        .contains("no versions of model sensors are published")
        .containsPattern(version + " +INCOMPLETE: ");
    JsonNode listed = new ObjectMapper().readTree(output("models", "list", "--json"));
    assertThat(listed.get(0).get("parts").asInt()).isBetween(1, 96);
    assertThat(run("models", "activate", version)).isEqualTo(1);
    assertThat(output("models", "retire", version)).startsWith("retired version " + version);
    assertThat(output("models", "list")).doesNotContain(version);

    publish(large);

    assertThat(output("models", "activate", version)).contains("under epoch 1");
  }

  @Test
  void showsContextCheckOfVersion() throws IOException {
    Path csv = folder.resolve("sensors.csv");
    execute("generate", "--series", "2", "--days", "10", "--out", csv.toString());
    assertThat(run("feed", "--csv", csv.toString())).as(err.toString()).isZero();
    String file = write(FIRST).toString();
    String first = ModelVersion.of(FIRST).shortSha();

    assertThat(output("models", "publish", file, "--context", csv.toString()))
        .contains(
            "\n"
                + "context length 24: states rebuilt from 24 and from 48 steps, compared at 256"
                + " points");
    JsonNode fit = new ObjectMapper().readTree(output("models", "show", first)).get("contextFit");

    assertThat(fit.get("forecasts").get("median").asDouble()).isPositive();
    assertThat(
            new ObjectMapper()
                .readTree(output("inspect", file, "--context", csv.toString(), "--json")))
        .isEqualTo(fit);
    assertThat(
            new ObjectMapper()
                .readTree(output("inspect", file, "--context", "topic:sensor-events", "--json")))
        .isEqualTo(fit);
    publish(FIRST);
    assertThat(new ObjectMapper().readTree(output("models", "show", first)).get("contextFit"))
        .isEqualTo(fit);
    publish(SECOND);
    assertThat(
            new ObjectMapper()
                .readTree(output("models", "show", ModelVersion.of(SECOND).shortSha()))
                .get("contextFit")
                .isNull())
        .isTrue();
  }

  @Test
  void rejectsUnsignedVersion() throws IOException {
    Path key = folder.resolve("eddy.key");
    String publicKey = output("models", "keygen", "--out", key.toString()).strip();
    Path config = folder.resolve("eddy.properties");
    Files.writeString(config, "models.trusted-keys = " + publicKey + "\n");
    String first = ModelVersion.of(FIRST).shortSha();
    publish(FIRST);

    assertThat(run("models", "activate", first, "--config", config.toString())).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "eddy: version %s would be rejected: not signed, but models.trusted-keys requires a signature\n"
                .formatted(first));
    assertThat(output("models", "publish", write(FIRST).toString(), "--sign", key.toString()))
        .endsWith(", signed\n");
    assertThat(output("models", "publish", write(FIRST).toString())).endsWith(", signed\n");
    assertThat(output("models", "activate", first, "--config", config.toString()))
        .contains("under epoch 1");
    assertThat(output("models", "list")).containsPattern(first + " .* yes ");
    assertThat(run("models", "keygen", "--out", key.toString())).isEqualTo(2);
    assertThat(output("models", "status"))
        .isEqualTo(
            """
            version %s serves model sensors under epoch 1, effective immediately: 0 of 0 series
            no instance is running
            """
                .formatted(first));
  }

  /** Every command that would let a version serve or shadow makes the check of preview. */
  @Test
  void refusesVersionsThatForecastersReject() throws IOException {
    byte[] covariates =
        Models.file(
            Models.withCovariates(
                Models.specification(CellKind.GRU, 8, 24), Covariate.past("pressure")),
            3);
    String rejected = ModelVersion.of(covariates).shortSha();
    String first = ModelVersion.of(FIRST).shortSha();
    String withPressure = "--set=events.covariates=pressure";
    publish(FIRST);
    publish(covariates);
    assertThat(err.toString())
        .isEqualTo(
            "warning: forecasters with these settings would reject the version: covariates pressure"
                + " are not in events.covariates\n");

    for (String[] command :
        List.of(
            new String[] {"models", "activate", rejected},
            new String[] {"models", "activate", rejected, "--everywhere"},
            new String[] {"models", "activate", rejected, "--share", "10%"},
            new String[] {"models", "activate", rejected, "--from", "2026-01-20T00:00:00Z"},
            new String[] {"models", "shadow", rejected},
            new String[] {"models", "preview", rejected})) {
      assertThat(run(command)).as(List.of(command).toString()).isEqualTo(1);
      assertThat(err.toString())
          .isEqualTo(
              "eddy: version %s would be rejected: covariates pressure are not in events.covariates\n"
                  .formatted(rejected));
    }

    output("models", "activate", rejected, withPressure);
    output("models", "activate", first);
    assertThat(run("models", "rollback")).isEqualTo(1);
    assertThat(err.toString()).contains("version " + rejected + " would be rejected: covariates");
    output("models", "shadow", rejected, withPressure);
    assertThat(run("models", "promote")).isEqualTo(1);
    assertThat(run("models", "promote", "--when", "better by 2% over 5 forecasts, within 1 day"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("version " + rejected + " would be rejected: covariates");
    assertThat(output("models", "list", "--json")).contains("\"epoch\":3");
    assertThat(output("models", "list", "--json")).doesNotContain("\"epoch\":4");
    output("models", "end", "--shadow", "--reason", "worse at night");
    assertDecisions(first, rejected);
  }

  private void assertDecisions(String first, String rejected) throws IOException {
    assertThat(output("models", "status"))
        .containsPattern(
            "last shadow of all: version %s, ended under epoch 4 at 20.*Z; reason: worse at night"
                .formatted(rejected));
    assertThat(output("models", "history").lines().map(line -> line.replaceAll(" +", " ")))
        .element(1)
        .asString()
        .containsPattern(
            "^ *4 20\\S+Z \\S+@\\S+ ended shadow %s all immediately worse at night$"
                .formatted(rejected));
    JsonNode history = new ObjectMapper().readTree(output("models", "history", "--json"));
    assertThat(history.findValuesAsText("epoch")).containsExactly("4", "3", "2", "1");
    assertThat(history.get(2).get("version").asText()).startsWith(first);
    assertThat(history.get(0).get("author").asText())
        .startsWith(System.getProperty("user.name") + "@");
    assertThat(history.get(0).get("decidedAt").asText()).endsWith("Z");
    assertThat(history.get(0).has("application")).isFalse();
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest");
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(new TopicPartition("models", 0)));
    return consumer;
  }

  private void publish(byte[] file) throws IOException {
    assertThat(output("models", "publish", write(file).toString()))
        .startsWith("published version ");
  }

  private Path write(byte[] file) throws IOException {
    return Files.write(folder.resolve(ModelVersion.of(file).shortSha()), file);
  }

  /** Runs a command that must succeed and returns its output. */
  private String output(String... arguments) {
    assertThat(run(arguments)).as(err.toString()).isZero();
    return out.toString();
  }

  private int run(String... arguments) {
    if (arguments[1].equals("keygen")) {
      return execute(arguments);
    }
    return execute(with(arguments));
  }

  private int execute(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(arguments);
  }

  private String[] with(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    return all.toArray(String[]::new);
  }
}
