package io.eddy.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.Main;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.kafka.event.DeadLetters;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation.Role;
import io.eddy.series.Interval;
import io.eddy.series.InvalidRecordException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Tests the commands that read Eddy's topics: tail, watch and plot. Forecasts are written in
 * transactions, in both encodings; the last transaction is aborted.
 */
class TopicCommandsIT {
  private static final long HOUR = 3_600_000;
  private static final long BEGIN = Instant.parse("2026-01-05T00:00:00Z").toEpochMilli();
  private static final int HOURS = 72;
  private static final byte[] FILE = Models.file(Models.specification(CellKind.GRU, 3, 24), 1);
  private static final ModelVersion VERSION = ModelVersion.of(FILE);
  private static final OutputFormat JSON = new OutputFormat(OutputFormat.Format.JSON, null);

  @TempDir static Path folder;
  private static final EmbeddedBroker BROKER = EmbeddedBroker.start();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void fillTopics() throws Exception {
    TopicCommandsIT commands = new TopicCommandsIT();
    commands.output("topics", "create", "--partitions", "2");
    Path model = folder.resolve("model.safetensors");
    Files.write(model, FILE);
    commands.output("models", "publish", model.toString());
    commands.output("models", "activate", VERSION.shortSha());
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int hour = 0; hour < HOURS; hour++) {
        for (String series : List.of("a", "b", "c/1", "w/1")) {
          sendStep(producer, series, hour);
        }
      }
      var unused = producer.send(deadLetter("b", "not a number", 7));
      unused = producer.send(deadLetter("b", "not a number", 8));
      unused = producer.send(deadLetter("c/1", "timestamp too far ahead", 9));
      producer.commitTransaction();
      producer.beginTransaction();
      sendStep(producer, "a", HOURS);
      producer.flush();
      producer.abortTransaction();
    }
  }

  @AfterAll
  static void stop() {
    BROKER.close();
  }

  @Test
  void tailPrintsLastCommittedForecasts() {
    assertThat(output("tail", "forecasts", "--series", "a", "--last", "2").lines())
        .containsExactly(
            "a  2026-01-07T22:00:00Z  next 71.00 (80 %: 70.00 to 72.00)  step 4 74.00 (80 %: 73.00"
                + " to 75.00)  version "
                + VERSION.shortSha()
                + ", epoch 1",
            "a  2026-01-07T23:00:00Z  next 72.00 (80 %: 71.00 to 73.00)  step 4 75.00 (80 %: 74.00"
                + " to 76.00)  version "
                + VERSION.shortSha()
                + ", epoch 1");
    assertThat(output("tail", "forecasts", "--from-beginning", "--series", "b").lines())
        .hasSize(HOURS);
    assertThat(output("tail", "scores", "--series", "b", "--last", "1"))
        .isEqualTo(
            "b  2026-01-07T23:00:00Z  MAE 0.5000, seasonal naive 2.000, 50 % within the 80 %"
                + " interval  serve, version "
                + VERSION.shortSha()
                + ", epoch 1\n");
  }

  @Test
  void tailPrintsJsonOfEveryTopic() throws IOException {
    for (String topic :
        List.of("forecasts", "scores", "dead-letters", "models", "activations", "status")) {
      for (String line : output("tail", topic, "--json").lines().toList()) {
        assertThat(new ObjectMapper().readTree(line).isObject()).as(line).isTrue();
      }
    }
    JsonNode forecast = json("tail", "forecasts", "--json", "--series", "c/1", "--last", "1");
    assertThat(forecast.at("/quantiles/q0.1/3").floatValue()).isEqualTo(74f);
    assertThat(forecast.at("/times/0").asText()).isEqualTo("2026-01-08T00:00:00Z");
    assertThat(forecast.at("/version").asText()).isEqualTo(VERSION.sha());
    JsonNode letter = json("tail", "dead-letters", "--json", "--last", "1");
    assertThat(letter.get("reason").asText()).isEqualTo("timestamp too far ahead");
    assertThat(letter.get("offset").asLong()).isEqualTo(9);
    assertThat(letter.get("value").asText()).isEqualTo("bad 9");
    assertThat(json("tail", "activations", "--json").get("model").asText()).isEqualTo("sensors");
  }

  @Test
  void tailCountsDeadLettersByReason() throws IOException {
    assertThat(output("tail", "dead-letters", "--series", "b").lines())
        .containsExactly(
            "2026-01-05T07:00:00Z  sensor-events-0@7  b  not a number",
            "2026-01-05T08:00:00Z  sensor-events-0@8  b  not a number");
    assertThat(output("tail", "dead-letters", "--by-reason", "--limit", "1"))
        .contains("3 dead letters\n", "    2  2026-01-05T07:00:00Z  2026-01-05T08:00:00Z")
        .endsWith("not a number\nand 1 more reasons\n");
    JsonNode counts = json("tail", "dead-letters", "--by-reason", "--json");
    assertThat(counts.get("distinctReasons").asInt()).isEqualTo(2);
    assertThat(counts.at("/reasons/0/count").asInt()).isEqualTo(2);
  }

  @Test
  void tailRejectsImpossibleOptions() {
    assertThat(run("tail", "forecast")).isEqualTo(2);
    assertThat(run("tail", "models", "--series", "a")).isEqualTo(2);
    assertThat(run("tail", "forecasts", "--last", "0")).isEqualTo(2);
    assertThat(run("tail", "forecasts", "--last", "5", "--from-beginning")).isEqualTo(2);
    assertThat(run("tail", "forecasts", "--by-reason")).isEqualTo(2);
  }

  @Test
  void plotDrawsSeriesFromTopics() throws IOException {
    Path svg = folder.resolve("b.svg");
    Path png = folder.resolve("b.png");

    assertThat(output("plot", "--series", "b", "--out", svg.toString()))
        .contains("series b, forecast from 2026-01-07T23:00:00Z, version " + VERSION.shortSha());
    output("plot", "--series", "b", "--past-forecasts", "2", "--out", png.toString());

    assertThat(Files.readString(svg))
        .contains(
            ">b: 4 hours ahead from 2026-01-07 23:00 UTC<",
            ">model sensors, version %s, epoch 1<".formatted(VERSION.shortSha()),
            ">seasonal naive (6 hours)<");
    assertThat(ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(png))).getWidth())
        .isEqualTo(1920);
    assertThat(run("plot", "--series", "none", "--out", svg.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("has no forecast of series 'none' by model sensors");
    assertThat(run("plot", "--series", "b", "--out", "b.jpg")).isEqualTo(2);
  }

  @Test
  void watchPrintsLinesUntilStopped() throws Exception {
    Path lines = folder.resolve("watch.txt");
    Process watch =
        process(lines, "watch", "--prefix", "w/", "--bootstrap-servers", BROKER.bootstrapServers());
    try {
      await().atMost(Duration.ofSeconds(30)).until(() -> read(lines).contains("w/1 "));
      try (KafkaProducer<byte[], byte[]> producer = producer()) {
        producer.initTransactions();
        producer.beginTransaction();
        sendStep(producer, "w/1", HOURS + 1);
        sendStep(producer, "w/2", HOURS + 1);
        producer.commitTransaction();
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> read(lines).contains("w/2 "));
      watch.destroy();

      assertThat(watch.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(watch.exitValue()).isZero();
    } finally {
      watch.destroyForcibly();
    }
    assertThat(read(lines))
        .contains("80 % interval", "71.00 to 73.00", "0.5000", "-75 %", "2026-01-08 01:00:00")
        .doesNotContain("\na ", "\nb ", "\033");
  }

  @Test
  void completionCompletesInBash() throws Exception {
    Path script = folder.resolve("completion.bash");
    Files.writeString(script, output(false, "completion", "bash"));
    String test =
        """
        source "$1"
        compopt() { :; }
        complete_line() {
          COMP_LINE="$*"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
          _complete_eddy
          echo "${COMPREPLY[@]}"
        }
        complete_line eddy ta
        complete_line eddy models act
        complete_line eddy tail --by
        complete_line eddy plot --past
        """;
    Path result = folder.resolve("completed.txt");
    Process bash =
        new ProcessBuilder("bash", "-c", test, "bash", script.toString())
            .redirectErrorStream(true)
            .redirectOutput(result.toFile())
            .start();

    assertThat(bash.waitFor()).as(read(result)).isZero();
    assertThat(read(result).lines())
        .containsExactly("tail", "activate", "--by-reason", "--past-forecasts");
    assertThat(run("completion", "fish")).isEqualTo(2);
  }

  @Test
  void logsJsonToStandardError() throws Exception {
    Path log = folder.resolve("log.json");
    ProcessBuilder builder =
        builder(
            "plot",
            "--series",
            "none",
            "--out",
            folder.resolve("none.svg").toString(),
            "--bootstrap-servers",
            BROKER.bootstrapServers());
    builder.environment().put("EDDY_LOG_FORMAT", "json");
    // Kafka logs its settings in messages of many lines.
    builder.environment().put("EDDY_LOG_KAFKA", "INFO");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();

    assertThat(process.waitFor()).isEqualTo(1);
    List<String> lines = Files.readAllLines(log);
    assertThat(lines).hasSizeGreaterThan(1);
    for (String line : lines) {
      JsonNode event = new ObjectMapper().readTree(line);
      assertThat(Instant.parse(event.get("@timestamp").asText())).isNotNull();
      assertThat(event.get("service.name").asText()).isEqualTo("eddy");
    }
    JsonNode last = new ObjectMapper().readTree(lines.get(lines.size() - 1));
    assertThat(last.get("log.level").asText()).isEqualTo("ERROR");
    assertThat(last.get("message").asText()).startsWith("nothing to plot");
  }

  /** Sends an event, its forecast and its score. */
  private static void sendStep(KafkaProducer<byte[], byte[]> producer, String series, int hour) {
    long time = BEGIN + hour * HOUR;
    int partition = series.equals("a") ? 0 : 1;
    byte[] key = series.getBytes(UTF_8);
    String event = "{\"timestamp\":%d,\"value\":%d}".formatted(time, hour);
    Forecast.Origin origin =
        new Forecast.Origin(
            series, time, Interval.ofMillis(HOUR), new Forecast.Served(VERSION, 1), true);
    double[] values = new double[12];
    for (int i = 0; i < values.length; i++) {
      values[i] = hour + i / 3 + i % 3;
    }
    byte[] forecast =
        new ForecastCodec(partition == 0 ? OutputFormat.DEFAULT : JSON, "forecasts")
            .encode(
                new PublishedForecast(
                    new Forecast(origin, List.of(0.1, 0.5, 0.9), 0, values),
                    "sensors",
                    new SourcePosition("sensor-events", partition, hour)));
    float[] half = {0.5f, 0.5f, Float.NaN, 0.5f};
    Score score =
        new Score(
            origin,
            List.of(0.1, 0.5, 0.9),
            new Score.Errors(half, half, half, new float[] {0.25f, 0.5f, 0.75f}, new float[0]),
            new Score.Naive(new float[] {2, 2, Float.NaN, 2}, 2),
            new int[] {1, 1, -1, 1});
    byte[] scored =
        new ScoreCodec(partition == 0 ? OutputFormat.DEFAULT : JSON, "forecast-scores")
            .encode(new PublishedScore(score, "sensors", Role.SERVE));
    var unused =
        producer.send(record("sensor-events", partition, time, key, event.getBytes(UTF_8)));
    unused = producer.send(record("forecasts", partition, time, key, forecast));
    unused = producer.send(record("forecast-scores", partition, time, key, scored));
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, int partition, long timestampMs, byte[] key, byte[] value) {
    return new ProducerRecord<>(topic, partition, timestampMs, key, value);
  }

  private static ProducerRecord<byte[], byte[]> deadLetter(String key, String reason, int offset) {
    Record<byte[], byte[]> letter =
        DeadLetters.of(
            new Record<>(
                key.getBytes(UTF_8), ("bad " + offset).getBytes(UTF_8), BEGIN + offset * HOUR),
            new Source("sensor-events", 0, offset),
            new InvalidRecordException(reason));
    return new ProducerRecord<>(
        "dead-letters", 0, letter.timestamp(), letter.key(), letter.value(), letter.headers());
  }

  private record Source(String topic, int partition, long offset) implements RecordMetadata {}

  private static KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers", BROKER.bootstrapServers(), "transactional.id", "topic-commands"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static Process process(Path output, String... arguments) throws IOException {
    return builder(arguments).redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }

  private static ProcessBuilder builder(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.eddy.cli.Main"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private JsonNode json(String... arguments) throws IOException {
    return new ObjectMapper().readTree(output(arguments));
  }

  private String output(String... arguments) {
    return output(true, arguments);
  }

  private String output(boolean isConnected, String... arguments) {
    assertThat(run(isConnected, arguments)).as(err.toString()).isZero();
    return out.toString();
  }

  private int run(String... arguments) {
    return run(!arguments[0].equals("completion"), arguments);
  }

  private int run(boolean isConnected, String... arguments) {
    out.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(arguments));
    if (isConnected) {
      all.addAll(List.of("--bootstrap-servers", BROKER.bootstrapServers()));
    }
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(all.toArray(String[]::new));
  }
}
