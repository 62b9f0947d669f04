package io.eddy.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.Main;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.config.ThreadSettings;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.Covariate;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.rollout.RollbackRules;
import io.eddy.series.Aggregation;
import io.eddy.series.Observation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Tests {@code eddy models preview} over a broker. */
@Timeout(240)
final class ModelsPreviewCommandIT {
  private static final int SERIES = 6;
  private static final String MODEL = "sensors";
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final ModelSpecification SMALL = Models.specification(CellKind.GRU, 8, 24);
  private static final byte[] SERVING = Models.file(SMALL, 1);

  @TempDir Path folder;
  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private Map<String, Object> client = Map.of();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void prepare() {
    client = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(TOPICS, 2);
    }
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  /** Returns a version with a shorter context, a longer context, or several members. */
  private static byte[] proposed(String name, Aggregation aggregation) {
    return switch (name) {
      case "shorter" ->
          Models.file(
              Models.calibrated(Models.specification(CellKind.LSTM, 6, 16, aggregation)), 2);
      case "longer" ->
          Models.file(
              Models.withLayers(
                  Models.specification(CellKind.RNN_TANH, 12, 40, aggregation), List.of(1, 5), 3),
              3);
      default -> Models.ensembleFile(CellKind.GRU, 20, 4);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"shorter", "longer", "ensemble"})
  void previewEqualsPublishedForecasts(String name) throws Exception {
    byte[] proposed = proposed(name, Aggregation.FIRST);
    publishAndActivate(SERVING, proposed);
    try (Forecaster forecaster = start()) {
      send(0, 60, 1);
      awaitForecasts(60L * SERIES);
      forecaster.requireAlive();
    }
    send(60, 61, 1);
    Map<TopicPartition, Long> before = written();

    JsonNode preview = preview(proposed, "--series", "100");

    assertThat(written()).isEqualTo(before);
    assertThat(preview.get("series")).hasSize(SERIES);
    assertThat(preview.get("worst").asDouble()).isPositive();
    assertPublished(proposed, preview, 61L * SERIES, "longer".equals(name) ? 25 : 1000);
  }

  @Test
  void previewClosesOpenStep() throws Exception {
    byte[] serving = Models.file(Models.specification(CellKind.GRU, 8, 24, Aggregation.MEAN), 1);
    byte[] proposed = proposed("shorter", Aggregation.MEAN);
    publishAndActivate(serving, proposed);
    try (Forecaster forecaster = start()) {
      send(0, 60, 3);
      awaitForecasts(59L * SERIES);
      forecaster.requireAlive();
    }
    send(60, 61, 1);

    JsonNode preview = preview(proposed, "--series", "100");

    assertPublished(proposed, preview, 60L * SERIES, 1000);
  }

  @Test
  void findsSeriesWithoutRecentEvents() throws Exception {
    byte[] proposed = proposed("shorter", Aggregation.FIRST);
    publishAndActivate(SERVING, proposed);
    send(0, 70, 1);
    sendOthers(25_000);

    JsonNode one = preview(proposed, "--key", "s3").get("series").get(0);

    // Twice the longer context and two steps that may be open; a migration reads W steps.
    assertThat(one.get("steps").asInt()).isEqualTo(50);
    assertThat(values(one.get("proposed"))).isEqualTo(coldStart(proposed, "s3", 70, 17));
    assertThat(values(one.get("serving"))).isEqualTo(coldStart(SERVING, "s3", 70, 50));
    JsonNode since =
        preview(
                proposed,
                "--key",
                "s3",
                "--from",
                java.time.Instant.ofEpochMilli(at(40)).toString())
            .get("series")
            .get(0);
    assertThat(since.get("steps").asInt()).isEqualTo(30);
    assertThat(values(since.get("proposed"))).isEqualTo(values(one.get("proposed")));
    assertThat(values(since.get("serving"))).isEqualTo(coldStart(SERVING, "s3", 70, 30));
  }

  @Test
  void reportsRejectedVersions() throws Exception {
    byte[] strange = Models.file(Models.withCovariates(SMALL, Covariate.past("pressure")), 5);
    publishAndActivate(SERVING, strange, Models.overflowingFile(SMALL));
    send(0, 40, 1);

    assertThat(run("models", "preview", sha(strange))).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "eddy: version %s would be rejected: covariates pressure are not in events.covariates\n"
                .formatted(sha(strange)));
    assertThat(run("models", "preview", sha(Models.overflowingFile(SMALL)), "--series", "2"))
        .isEqualTo(1);
    assertThat(out.toString())
        .contains("the forecast is not finite; the serving version would stay in use");
    Path torn = folder.resolve("torn.safetensors");
    Files.write(torn, java.util.Arrays.copyOf(SERVING, SERVING.length - 4));
    assertThat(run("models", "preview", torn.toString())).isEqualTo(1);
    assertThat(err.toString()).contains(" would be rejected: ");
    assertThat(run("models", "preview", sha(SERVING), "--key", "nobody")).isEqualTo(1);
    assertThat(out.toString()).contains("nobody: no event of this series was found");
    assertThat(run("models", "preview", sha(SERVING), "--series", "0")).isEqualTo(2);
    assertThat(run("models", "preview", "0123456789")).isEqualTo(1);
    assertThat(err.toString()).contains("no version of model sensors begins with 0123456789");
  }

  @Test
  void previewsUnpublishedFile() throws Exception {
    byte[] proposed = proposed("shorter", Aggregation.FIRST);
    publishAndActivate(SERVING);
    send(0, 60, 1);
    Path file = folder.resolve("new.safetensors");
    Files.write(file, proposed);

    assertThat(run("models", "preview", file.toString(), "--series", "3")).as(err + "").isZero();

    assertThat(out.toString())
        .startsWith(
            "version %s compared with the serving version at the last events of 3 series\n"
                .formatted(sha(proposed)))
        .contains(
            ": forecast origin " + java.time.Instant.ofEpochMilli(at(59)) + ", 50 steps replayed\n")
        .containsPattern(
            "difference over 3 series: median [0-9.e+-]+ %, largest [0-9.e+-]+ % \\(s\\d\\)")
        .containsPattern("difference by step ahead: 1: [0-9.e+-]+ %, 2: ");
    assertThat(run("models", "preview", file.toString(), "--prefix", "s4", "--json")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).get("series"))
        .singleElement()
        .satisfies(one -> assertThat(one.get("series").asText()).isEqualTo("s4"));
  }

  private void publishAndActivate(byte[] serving, byte[]... others) {
    ModelRegistry registry = new ModelRegistry(client, TOPICS);
    registry.publisher().publish(MODEL, serving);
    for (byte[] other : others) {
      registry.publisher().publish(MODEL, other);
    }
    registry.rollout().activate(MODEL, ModelVersion.of(serving), null, "");
  }

  private JsonNode preview(byte[] version, String... options) throws IOException {
    String[] all = new String[options.length + 4];
    all[0] = "models";
    all[1] = "preview";
    all[2] = sha(version);
    all[3] = "--json";
    System.arraycopy(options, 0, all, 4, options.length);
    assertThat(run(all)).as(err + "\n" + out).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  /**
   * Activates the version, continues the stream, and compares its last forecasts with a preview.
   */
  private void assertPublished(byte[] version, JsonNode preview, long forecasts, int warmSteps)
      throws Exception {
    new ModelRegistry(client, TOPICS).rollout().activate(MODEL, ModelVersion.of(version), null, "");
    try (Forecaster forecaster = start()) {
      awaitForecasts(forecasts);
      forecaster.requireAlive();
    }
    Map<String, Forecast> last = last();
    for (JsonNode one : preview.get("series")) {
      Forecast published = Objects.requireNonNull(last.get(one.get("series").asText()));
      assertThat(published.origin().served())
          .isEqualTo(new Forecast.Served(ModelVersion.of(version), 2));
      assertThat(values(one.get("proposed"))).isEqualTo(published.values());
      assertThat(one.get("proposed").get("warmSteps").asInt())
          .isEqualTo(published.origin().quality().warmSteps())
          .isEqualTo(Math.min(warmSteps, published.origin().quality().contextSteps()));
    }
  }

  private static double[] values(JsonNode forecast) {
    double[] values = new double[forecast.get("values").size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) forecast.get("values").get(i).asDouble();
    }
    return values;
  }

  /**
   * Returns the forecast after {@code hours}, from a state that started {@code last} hours before.
   */
  private static double[] coldStart(byte[] file, String series, int hours, int last) {
    Model model = ModelFile.read(file);
    SeriesState state = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();
    double[] values = new double[0];
    for (int hour = hours - last; hour < hours; hour++) {
      values =
          steps
              .apply(state, observation(series, hour, 0, 1), model, 0)
              .forecasts()
              .get(0)
              .forecast()
              .values();
    }
    return values;
  }

  private static String sha(byte[] file) {
    return ModelVersion.of(file).shortSha();
  }

  private Forecaster start() {
    Forecaster forecaster =
        new Forecaster(
            StreamSettingsBuilder.settings(MODEL).topics(TOPICS).build(),
            new Deployment(
                "eddy",
                folder.resolve("state").toString(),
                ThreadSettings.of(1),
                client,
                RollbackRules.DEFAULT,
                RocksDbSettings.DEFAULT));
    forecaster.start();
    return forecaster;
  }

  private static long at(int hour) {
    return (100 + hour) * Models.INTERVAL.toMillis();
  }

  private static Observation observation(String series, int hour, int part, int parts) {
    double value =
        10 * series.length()
            + 3 * StrictMath.sin(Math.PI * hour / 3 + series.hashCode())
            + new SplittableRandom(31 * hour + part).nextDouble();
    return new Observation(series, at(hour) + part * Models.INTERVAL.toMillis() / parts, value);
  }

  /** Sends {@code parts} events per hour and series. */
  private void send(int from, int to, int parts) {
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (int hour = from; hour < to; hour++) {
        for (int part = 0; part < parts; part++) {
          for (int series = 0; series < SERIES; series++) {
            send(producer, encoder, observation("s" + series, hour, part, parts));
          }
        }
      }
    }
  }

  private void sendOthers(int count) {
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (int i = 0; i < count; i++) {
        send(producer, encoder, new Observation("busy-" + i % 50, at(80) + i, i));
      }
    }
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, EventEncoder encoder, Observation observation) {
    var unused =
        producer.send(
            new ProducerRecord<>(
                TOPICS.events(),
                null,
                observation.timestampMs(),
                observation.series().getBytes(StandardCharsets.UTF_8),
                encoder.encode(observation)));
  }

  private void awaitForecasts(long count) {
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () -> {
              long[] found = {0};
              new TopicReader(client).read(TOPICS.forecasts(), record -> found[0]++);
              assertThat(found[0]).isEqualTo(count);
            });
  }

  private Map<String, Forecast> last() {
    ForecastCodec codec = new ForecastCodec();
    Map<String, Forecast> last = new HashMap<>();
    new TopicReader(client)
        .read(
            TOPICS.forecasts(),
            record -> {
              String series = new String(record.key(), StandardCharsets.UTF_8);
              last.put(series, codec.decode(series, record.value()).forecast());
            });
    return last;
  }

  /** Returns the end offsets of all topics. */
  private Map<TopicPartition, Long> written() {
    Map<TopicPartition, Long> ends = new HashMap<>();
    TOPICS.all().forEach(topic -> ends.putAll(new TopicReader(client).endOffsets(topic)));
    return ends;
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--bootstrap-servers";
    all[arguments.length + 1] = broker.bootstrapServers();
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(all);
  }
}
