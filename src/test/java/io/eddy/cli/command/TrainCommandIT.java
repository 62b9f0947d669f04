package io.eddy.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.CommandProcess;
import io.eddy.cli.Main;
import io.eddy.cli.option.ModelSource;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.io.ModelFile;
import io.eddy.rollout.Activation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Tests training, publication and activation over a broker. */
final class TrainCommandIT {
  /** Options that leave the weights close to their random initialization. */
  private static final String[] POOR = {
    "--epochs", "1", "--learning-rate", "1e-12", "--no-refit", "--season", "24", "--context", "120"
  };

  private static final String[] GOOD = {"--epochs", "3", "--no-refit"};

  @TempDir Path folder;

  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path csv = Path.of("");

  @BeforeEach
  void makeTopicsAndData() {
    csv = folder.resolve("sensors.csv");
    run("generate", "--series", "3", "--days", "20", "--out", csv.toString());
    run("topics", "create", "--bootstrap-servers", broker.bootstrapServers());
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void activatesOnlyBetterVersion() throws IOException {
    assertThat(train("first", "--csv", csv.toString(), POOR)).as(err.toString()).isZero();
    assertThat(err.toString())
        .contains("no serving version to compare with", "activated under epoch 1");
    JsonNode fit = new ObjectMapper().readTree(out.toString()).get("contextFit");
    assertThat(fit.get("places").asInt()).isEqualTo(256);
    assertThat(registry().models().list().get(0).manifest().contextFit()).isEqualTo(fit.toString());

    assertThat(train("second", "--csv", csv.toString(), GOOD)).as(err.toString()).isZero();
    JsonNode comparison = new ObjectMapper().readTree(out.toString()).get("comparison");
    assertThat(comparison.get("measure").asText()).isEqualTo("mase");
    assertThat(comparison.get("serving").asText()).isEqualTo(version("first").sha());
    assertThat(comparison.get("error").asDouble())
        .isLessThan(comparison.get("servingError").asDouble());
    assertThat(serving().version()).isEqualTo(version("second"));

    feed();
    assertThat(train("third", "--topic", "sensor-events", POOR)).as(err.toString()).isZero();
    assertThat(err.toString())
        .contains("not activated, the serving version stays: MASE ")
        .doesNotContain("activated under epoch")
        .contains("serving version %s ".formatted(version("second").shortSha()));
    assertThat(new ObjectMapper().readTree(out.toString()).get("activated").asBoolean()).isFalse();
    assertThat(serving().version()).isEqualTo(version("second"));
    assertThat(registry().models().list())
        .extracting(entry -> entry.manifest().version())
        .containsExactly(version("first"), version("second"), version("third"));
  }

  @Test
  void rejectsComparisonOfOtherIntervals() throws IOException {
    assertThat(train("first", "--csv", csv.toString(), POOR)).as(err.toString()).isZero();

    int exitCode = train("second", "--csv", csv.toString(), "--epochs", "1", "--interval", "PT2H");

    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "eddy: serving version %s has another interval, aggregation, horizon or kind of values"
                .formatted(version("first").shortSha()));
    assertThat(serving().version()).isEqualTo(version("first"));
  }

  @Test
  void activatesSignedVersion() throws IOException {
    Path key = folder.resolve("eddy.key");
    run("models", "keygen", "--out", key.toString());
    Path settings =
        Files.writeString(
            folder.resolve("settings"), "models.trusted-keys = " + out.toString().strip());
    String[] options = {"--epochs", "1", "--config", settings.toString()};

    assertThat(train("unsigned", "--csv", csv.toString(), options)).isEqualTo(1);
    assertThat(err.toString()).contains("not signed, but models.trusted-keys requires a signature");

    String[] signing = {"--epochs", "2", "--config", settings.toString(), "--sign", key.toString()};
    assertThat(train("signed", "--csv", csv.toString(), signing)).as(err.toString()).isZero();
    assertThat(serving().version()).isEqualTo(version("signed"));
  }

  /** Checks that training on events equals training on the later lines of a file. */
  @ParameterizedTest
  @ValueSource(strings = {"json", "avro"})
  void topicAndFileGiveSameFutureCovariates(String format) throws IOException {
    csv = folder.resolve("plans.csv");
    Path settings = Files.writeString(folder.resolve("settings"), "events.format = " + format);
    run("generate", "--kind", "plans", "--series", "2", "--days", "12", "--out", csv.toString());
    run(
        "feed",
        "--config",
        settings.toString(),
        "--csv",
        csv.toString(),
        "--future",
        "plan",
        "--horizon",
        "3",
        "--bootstrap-servers",
        broker.bootstrapServers());

    for (String[] source :
        new String[][] {{"--csv", csv.toString()}, {"--topic", "sensor-events"}}) {
      run(
          "train",
          source[0],
          source[1],
          "--config",
          settings.toString(),
          "--future",
          "plan",
          "--horizon",
          "3",
          "--epochs",
          "2",
          "--out",
          folder.resolve(source[0]).toString(),
          "--bootstrap-servers",
          broker.bootstrapServers());
    }

    assertThat(err.toString()).doesNotContain("eddy: ");
    Model byFile = ModelSource.read(folder.resolve("--csv"));
    Model byTopic = ModelSource.read(folder.resolve("--topic"));
    assertThat(byTopic.specification().inputs().futureNames()).containsExactly("plan");
    assertThat(byTopic.specification().provenance().scores())
        .isNotEmpty()
        .isEqualTo(byFile.specification().provenance().scores());
  }

  /** Local times of a wall clock, once in a file and once on a topic. */
  @Test
  void localTimesInFileAndOnTopicGiveSameWeights() throws IOException {
    DateTimeFormatter clock =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")
            .withZone(ZoneId.of("America/Los_Angeles"));
    List<String> lines = new ArrayList<>(List.of("series,timestamp,value"));
    Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(client, bytes, bytes)) {
      for (int hour = 0; hour < 24 * 12; hour++) {
        // Five days before and seven days after a change to summer time.
        String time = clock.format(Instant.parse("2024-03-05T08:00:00Z").plusSeconds(hour * 3600L));
        String value = Double.toString(Math.rint(1000 * StrictMath.sin(hour / 4.0)) / 100);
        lines.add("a,%s,%s".formatted(time, value));
        byte[] event = "{\"timestamp\":\"%s\",\"value\":%s}".formatted(time, value).getBytes(UTF_8);
        var unused =
            producer.send(
                new ProducerRecord<>(TopicNames.DEFAULT.events(), "a".getBytes(UTF_8), event));
      }
    }
    csv = Files.write(folder.resolve("local.csv"), lines);
    Path settings =
        Files.writeString(folder.resolve("settings"), "events.zone = America/Los_Angeles");
    String[] options = {"--epochs", "1", "--no-refit", "--config", settings.toString()};

    assertThat(train("file", "--csv", csv.toString(), options)).as(err.toString()).isZero();
    assertThat(err.toString()).contains("America/Los_Angeles");
    assertThat(err.toString().lines().filter(line -> line.startsWith("WARNING")))
        .as("warnings about times")
        .noneMatch(line -> line.contains("time"));
    assertThat(train("topic", "--topic", "sensor-events", options)).as(err.toString()).isZero();

    assertThat(tensors("topic")).isEqualTo(tensors("file"));
  }

  /** Returns the bytes of a model file after its header, which names the source of the data. */
  private byte[] tensors(String name) throws IOException {
    byte[] file = Files.readAllBytes(folder.resolve(name));
    long headerBytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Arrays.copyOfRange(file, (int) (Long.BYTES + headerBytes), file.length);
  }

  @Test
  void resumedTrainingReadsSameEvents() throws Exception {
    feed();
    Path checkpoint = folder.resolve("checkpoint");
    // Use separate processes: classes on this class path have no version.
    assertThat(exitCode(onTopic("whole"))).isZero();

    String[] killed = onTopic("resumed", "--checkpoint", checkpoint.toString());
    try (CommandProcess process = new CommandProcess(killed)) {
      process.killAfter(checkpoint);
    }
    feed();
    String[] again = onTopic("resumed", "--checkpoint", checkpoint.toString(), "--resume");
    assertThat(exitCode(again)).isZero();

    assertThat(folder.resolve("resumed")).hasSameBinaryContentAs(folder.resolve("whole"));
  }

  private static int exitCode(String... arguments) throws Exception {
    try (CommandProcess process = new CommandProcess(arguments)) {
      return process.exitCode();
    }
  }

  private void feed() {
    run("feed", "--csv", csv.toString(), "--bootstrap-servers", broker.bootstrapServers());
  }

  private String[] onTopic(String name, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--topic", "sensor-events", "--epochs", "3"));
    arguments.addAll(List.of("--out", folder.resolve(name).toString()));
    arguments.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    arguments.addAll(List.of(options));
    return arguments.toArray(String[]::new);
  }

  private Activation serving() {
    return registry().activations().read("sensors").descending().get(0);
  }

  private ModelRegistry registry() {
    return new ModelRegistry(
        Map.of("bootstrap.servers", broker.bootstrapServers()), TopicNames.DEFAULT);
  }

  private ModelVersion version(String name) throws IOException {
    return ModelFile.read(Files.readAllBytes(folder.resolve(name))).version();
  }

  /** Runs a training with empty {@link #out} and {@link #err}. */
  private int train(String name, String source, String from, String... options) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> arguments =
        new ArrayList<>(List.of("train", source, from, "--hidden", "8", "--horizon", "6"));
    arguments.addAll(List.of("--out", folder.resolve(name).toString(), "--json"));
    arguments.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    arguments.add("--activate-if-better");
    arguments.addAll(List.of(options));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(arguments);
  }
}
