package io.eddy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.forecast.Forecast;
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
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.RollbackRules;
import io.eddy.rollout.Scope;
import io.eddy.series.Observation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.management.ObjectName;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests automatic promotion and rollback. */
@Timeout(240)
final class PromotionIT {
  private static final int SERIES = 6;
  private static final String MODEL = "sensors";
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final ModelSpecification SMALL = Models.specification(CellKind.GRU, 8, 24);

  /** A model whose forecast equals its baseline; the other one adds a large error. */
  private static final byte[] GOOD = Models.scaledFile(SMALL, 0);

  private static final byte[] BAD = Models.scaledFile(SMALL, 30);
  private static final byte[] OVERFLOWING = Models.overflowingFile(SMALL);

  @TempDir Path folder;
  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private Map<String, Object> client = Map.of();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private int hour;

  @BeforeEach
  void prepare() {
    client = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(TOPICS, 2);
    }
    ModelRegistry registry = registry();
    List.of(GOOD, BAD, OVERFLOWING).forEach(file -> registry.publisher().publish(MODEL, file));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private ModelRegistry registry() {
    return new ModelRegistry(client, TOPICS);
  }

  @Test
  void promotesBetterShadow() throws Exception {
    activate(BAD);
    assertThat(output("models", "shadow", sha(GOOD)))
        .contains(" shadows model sensors under epoch 2");
    assertThat(
            output("models", "promote", "--when", "better by 2% over 60 forecasts, within 1 day"))
        .contains(" shadows model sensors under epoch 3");
    assertThat(output("models", "status"))
        .contains("; promote when better by 2% over 60 scored forecasts, within 1 day");

    try (Forecaster first = start(new RollbackRules(true, null, 1))) {
      send(48);
      awaitForecasts(48L * SERIES);
      first.requireAlive();
    }
    assertThat(heads(Role.SERVE).get(0).epoch()).isEqualTo(1);
    assertComparisonStatus();
    try (Forecaster second = start(new RollbackRules(true, null, 1))) {
      send(60);
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(() -> assertThat(heads(Role.SERVE).get(0).epoch()).isEqualTo(4));
      send(2);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                assertThat(lastServed()).hasSize(SERIES);
                assertThat(lastServed().values())
                    .containsOnly(new Forecast.Served(ModelVersion.of(GOOD), 4));
              });
      second.requireAlive();
    }
    Activation promoted = heads(Role.SERVE).get(0);
    assertThat(promoted.version()).isEqualTo(ModelVersion.of(GOOD));
    assertThat(promoted.reason()).startsWith("automatic promotion: scaled pinball loss ");
    assertThat(heads(Role.SHADOW)).isEmpty();
    assertThat(registry().activations().read(MODEL).highestEpoch()).isEqualTo(5);
    assertThat(output("models", "status"))
        .contains("; reason: automatic promotion: scaled pinball loss ");
    assertThat(run("verify")).as(err + "\n" + out).isZero();
  }

  /** Checks the status while the shadow is compared. */
  private void assertComparisonStatus() throws Exception {
    JsonNode comparison =
        new ObjectMapper()
            .readTree(output("models", "status", "--json"))
            .get("activations")
            .get(1)
            .get("comparison");
    int compared = comparison.get("compared").asInt();
    assertThat(compared).isBetween(1, 59);
    assertThat(comparison.get("remaining").asInt()).isEqualTo(60 - compared);
    for (String measure : List.of("pinball", "mase")) {
      assertThat(comparison.get(measure).get("shadow").asDouble())
          .isLessThan(comparison.get(measure).get("serving").asDouble());
      assertThat(comparison.get(measure).get("gain").asDouble()).isBetween(0.02, 1.0);
    }
    assertThat(comparison.get("decision").isNull()).isTrue();
    assertThat(output("models", "status"))
        .contains("\n  %d forecasts compared, ".formatted(compared))
        .contains(" % better: scaled pinball loss ")
        .contains(", MASE ")
        .contains("; next decision after %d more\n".formatted(60 - compared));
  }

  @Test
  void endsWorseShadow() throws Exception {
    activate(GOOD);
    output("models", "shadow", sha(BAD));
    output("models", "promote", "--when", "better by 2% over 30 forecasts, within 1 day, by mase");
    try (Forecaster forecaster = start(RollbackRules.DEFAULT)) {
      send(80);
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(() -> assertThat(heads(Role.SHADOW)).isEmpty());
      forecaster.requireAlive();
    }

    assertThat(heads(Role.SERVE))
        .singleElement()
        .satisfies(head -> assertThat(head.epoch()).isEqualTo(1));
    Activation end = registry().activations().read(MODEL).descending().get(0);
    assertThat(end.terms()).isEqualTo(Terms.ending(Scope.all(), Role.SHADOW, null));
    assertThat(end.reason()).startsWith("not better: MASE ").contains(" worse over 30 forecasts");
  }

  @Test
  void rollsBackVersionWorseThanSeasonalNaive() throws Exception {
    activate(GOOD);
    try (Forecaster forecaster = start(new RollbackRules(true, 1.0, 40))) {
      send(30);
      awaitForecasts(30L * SERIES);
      activate(BAD);
      send(60);
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(
              () -> assertThat(heads(Role.SERVE).get(0).cause().revokedEpoch()).isEqualTo(2));
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(attributes("Rollbacks")).contains(1L));
      forecaster.requireAlive();
    }

    assertThat(heads(Role.SERVE).get(0).version()).isEqualTo(ModelVersion.of(GOOD));
    assertThat(output("models", "status"))
        .contains(
            "version %s serves model sensors under epoch 3"
                .formatted(ModelVersion.of(GOOD).shortSha()))
        .contains("; reason: automatic rollback from %s: MASE ".formatted(sha(BAD)));
  }

  @Test
  void rollsBackVersionWithNonFiniteForecasts() throws Exception {
    activate(GOOD);
    try (Forecaster forecaster = start(RollbackRules.DEFAULT)) {
      send(30);
      awaitForecasts(30L * SERIES);
      activate(OVERFLOWING);
      send(30);
      awaitForecasts(60L * SERIES);
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(
              () -> assertThat(heads(Role.SERVE).get(0).cause().revokedEpoch()).isEqualTo(2));
      forecaster.requireAlive();
    }

    assertThat(lastServed().values())
        .allMatch(served -> served.version().equals(ModelVersion.of(GOOD)));
    assertThat(heads(Role.SERVE).get(0).reason()).contains("its forecast was not finite");
    assertThat(run("verify")).as(err + "\n" + out).isZero();
  }

  private void activate(byte[] file) {
    registry().rollout().activate(MODEL, ModelVersion.of(file), null, "");
  }

  private static String sha(byte[] file) {
    return ModelVersion.of(file).shortSha();
  }

  private List<Activation> heads(Role role) {
    return registry().activations().read(MODEL).heads(role);
  }

  private Forecaster start(RollbackRules rules) {
    Forecaster forecaster =
        new Forecaster(
            StreamSettingsBuilder.settings(MODEL).topics(TOPICS).build(),
            new Deployment(
                "eddy",
                folder.resolve("state").toString(),
                ThreadSettings.of(1),
                client,
                rules,
                RocksDbSettings.DEFAULT));
    forecaster.start();
    return forecaster;
  }

  private static List<Object> attributes(String name) throws Exception {
    var server = ManagementFactory.getPlatformMBeanServer();
    List<Object> values = new java.util.ArrayList<>();
    for (ObjectName bean :
        server.queryNames(new ObjectName("io.eddy:type=PromotionController,*"), null)) {
      values.add(server.getAttribute(bean, name));
    }
    return values;
  }

  /** Sends the events of the next hours: a sine with a period of six hours, and noise. */
  private void send(int hours) {
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int end = hour + hours; hour < end; hour++) {
        SplittableRandom random = new SplittableRandom(hour);
        for (int series = 0; series < SERIES; series++) {
          String name = "s" + series;
          long at = (100 + hour) * Models.INTERVAL.toMillis();
          double value = 10 * series + 3 * StrictMath.sin(Math.PI * hour / 3) + random.nextDouble();
          var unused =
              producer.send(
                  new ProducerRecord<>(
                      TOPICS.events(),
                      null,
                      at,
                      name.getBytes(StandardCharsets.UTF_8),
                      encoder.encode(new Observation(name, at, value))));
        }
      }
    }
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

  /** Returns the version and epoch of the last forecast of each series. */
  private Map<String, Forecast.Served> lastServed() {
    ForecastCodec codec = new ForecastCodec();
    Map<String, Forecast.Served> served = new HashMap<>();
    new TopicReader(client)
        .read(
            TOPICS.forecasts(),
            record -> {
              String series = new String(record.key(), StandardCharsets.UTF_8);
              Forecast forecast = codec.decode(series, record.value()).forecast();
              assertThat(forecast.isFinite()).isTrue();
              served.put(series, forecast.origin().served());
            });
    return served;
  }

  private String output(String... arguments) {
    assertThat(run(arguments)).as(err.toString()).isZero();
    return out.toString();
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
