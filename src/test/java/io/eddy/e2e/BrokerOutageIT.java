package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The forecaster loses its only broker, or a stream thread. */
@Timeout(300)
class BrokerOutageIT {
  private static final List<String> SERIES = List.of("a", "b", "c", "d");
  private static final int PARTITIONS = 2;
  private static final long START_MS = 1_700_000_000_000L / 3_600_000 * 3_600_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Time-outs of some seconds, so that a short outage exceeds all of them. */
  private static final List<String> SHORT_TIMEOUTS =
      List.of(
          "kafka.max.block.ms=3000",
          "kafka.producer.request.timeout.ms=1500",
          "kafka.producer.delivery.timeout.ms=2500",
          "kafka.default.api.timeout.ms=3000",
          "kafka.request.timeout.ms=2500",
          "kafka.task.timeout.ms=2000",
          // A transaction stays open long enough for the broker to stop within it.
          "kafka.commit.interval.ms=3000",
          "kafka.session.timeout.ms=6000",
          "kafka.heartbeat.interval.ms=1000",
          "kafka.transaction.timeout.ms=5000");

  @TempDir Path folder;
  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private final Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(
          Map.of(
              "bootstrap.servers",
              broker.bootstrapServers(),
              // Without a broker, an event is rejected at once or sent after the outage.
              "max.block.ms",
              500,
              "delivery.timeout.ms",
              (int) Duration.ofMinutes(4).toMillis()),
          new ByteArraySerializer(),
          new ByteArraySerializer());
  private final Map<String, Future<RecordMetadata>> sent = new LinkedHashMap<>();
  private int hour;

  @BeforeEach
  void activate() {
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(TopicNames.DEFAULT, PARTITIONS);
    }
    byte[] model = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);
    ModelRegistry registry = new ModelRegistry(client, TopicNames.DEFAULT);
    registry.publisher().publish("m", model);
    registry.rollout().activate("m", ModelVersion.of(model), null, "test");
  }

  @AfterEach
  void stop() {
    producer.close(Duration.ZERO);
    broker.close();
  }

  @Test
  void resumesAfterOutageBeyondTimeouts() throws Exception {
    assertThat(resumesAfter(Duration.ofSeconds(9), SHORT_TIMEOUTS)).isPositive();
  }

  /**
   * The default settings: transactions time out after a minute. Threads are replaced only if a
   * transaction was open when the broker stopped.
   */
  @Test
  @Tag("slow")
  void resumesAfterLongOutage() throws Exception {
    resumesAfter(Duration.ofSeconds(100), List.of());
  }

  /** Returns the number of threads that were replaced. */
  private long resumesAfter(Duration outage, List<String> settings) throws Exception {
    List<String> all = new ArrayList<>(settings);
    all.add("http.listen=127.0.0.1:0");
    EddyConfig config = config(all);
    try (ServingInstance instance = new ServingInstance(config)) {
      instance.start(config);
      send(20);
      awaitForecasts();
      assertThat(instance.get("/health/ready").statusCode()).isEqualTo(200);

      stopBrokerWhileSending();
      long end = System.nanoTime() + outage.toNanos();
      await()
          .atMost(outage)
          .until(() -> instance.get("/health/ready").body().contains("has answered for"));
      assertThat(instance.get("/health/ready").statusCode()).isEqualTo(503);
      assertThat(instance.get("/health/live").statusCode()).isEqualTo(200);
      await().atMost(outage.multipliedBy(2)).until(() -> System.nanoTime() > end);
      broker.restart();
      send(20);

      awaitForecasts();
      instance.forecaster().requireAlive();
      await().atMost(PATIENCE).until(() -> instance.get("/health/ready").statusCode() == 200);
      long replacements = instance.forecaster().threadReplacements();
      assertThat(instance.get("/metrics").body())
          .containsPattern("eddy_thread_replacements_total " + replacements + "(\\.0)?\\n");
      return replacements;
    }
  }

  /** Sends until the broker has stopped, so that a transaction is open. */
  private void stopBrokerWhileSending() throws InterruptedException {
    Thread stopping = new Thread(broker::stop);
    stopping.start();
    while (stopping.isAlive()) {
      send(1);
      stopping.join(2);
    }
  }

  @Test
  @Tag("slow")
  void serveWaitsForBroker() throws Exception {
    broker.stop();
    Path file = folder.resolve("eddy.properties");
    Files.write(file, settings(List.of()));
    Path log = folder.resolve("log");

    int exitCode;
    try (ServeProcess serve = new ServeProcess(file, log)) {
      RunningEddy.until(() -> ServeProcess.output(log).contains("waiting for a broker: no broker"));
      broker.restart();
      send(20);
      awaitForecasts();
      exitCode = serve.stop();
    }

    assertThat(exitCode).isZero();
    assertThat(ServeProcess.output(log)).contains("a broker answers", "stopped");
  }

  @Test
  @Tag("slow")
  void stopBeforeBrokerAnswersExitsWithSuccess() throws Exception {
    broker.stop();
    Path file = folder.resolve("eddy.properties");
    Files.write(file, settings(List.of("http.listen=127.0.0.1:0")));
    Path log = folder.resolve("log");

    int exitCode;
    try (ServeProcess serve = new ServeProcess(file, log)) {
      RunningEddy.until(() -> ServeProcess.output(log).contains("waiting for a broker: no broker"));
      exitCode = serve.stop();
    }

    assertThat(exitCode).as(ServeProcess.output(log)).isZero();
    assertThat(ServeProcess.output(log).lines())
        .doesNotContain("a broker answers")
        .endsWith("stopped")
        .noneMatch(line -> line.contains("Exception") || line.contains("ERROR"));
  }

  /** Without a broker, the commit of the open transaction blocks for a minute. */
  @Test
  @Tag("slow")
  void unfinishedStopExitsWithFailure() throws Exception {
    Path file = folder.resolve("eddy.properties");
    Files.write(
        file,
        settings(
            List.of(
                "kafka.commit.interval.ms=50000", "kafka.producer.transaction.timeout.ms=60000")));
    Path log = folder.resolve("log");

    int exitCode;
    try (ServeProcess serve = new ServeProcess(file, log)) {
      send(20);
      RunningEddy.until(() -> !serve.isAlive() || hasUncommittedForecasts());
      broker.stop();
      exitCode = serve.stop();
    }

    assertThat(exitCode).as(ServeProcess.output(log)).isEqualTo(1);
    assertThat(ServeProcess.output(log))
        .contains("did not stop within 20 s", "stopped, but not all threads ended");
  }

  private boolean hasUncommittedForecasts() throws Exception {
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      partitions.put(
          new TopicPartition(TopicNames.DEFAULT.forecasts(), partition), OffsetSpec.latest());
    }
    try (Admin admin = Admin.create(client)) {
      return admin.listOffsets(partitions).all().get().values().stream()
          .anyMatch(end -> end.offset() > 0);
    }
  }

  @Test
  @Tag("slow")
  void replacesFailedThreads() throws Exception {
    FailingDatabases.fail(2);
    send(20);
    try (Forecaster forecaster = startWithFailingDatabases()) {
      awaitForecasts();

      forecaster.requireAlive();
      assertThat(forecaster.threadReplacements()).isPositive();
    }
  }

  @Test
  @Tag("slow")
  void stopsAfterTooManyFailures() throws Exception {
    FailingDatabases.fail(Integer.MAX_VALUE);
    try (Forecaster forecaster = startWithFailingDatabases()) {
      await().atMost(PATIENCE).until(() -> forecaster.failure().isPresent());

      assertThat(forecaster.failure()).hasValue(FailingDatabases.REASON);
      assertThat(forecaster.threadReplacements()).isEqualTo(3);
    }
  }

  private Forecaster startWithFailingDatabases() {
    List<String> settings = new ArrayList<>(SHORT_TIMEOUTS);
    settings.add("threads=1");
    settings.add("kafka.rocksdb.config.setter=" + FailingDatabases.class.getName());
    EddyConfig config = config(settings);
    Forecaster forecaster = new Forecaster(config.stream(), config.deployment());
    forecaster.start();
    return forecaster;
  }

  private EddyConfig config(List<String> settings) {
    return new SettingSources().assignments(settings(settings)).load();
  }

  private List<String> settings(List<String> settings) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(
        List.of(
            "bootstrap.servers=" + broker.bootstrapServers(),
            "model=m",
            "rollback.max-error-above-naive=off",
            "state.dir=" + folder.resolve("state")));
    return all;
  }

  /** Sends some hours of all series. */
  private void send(int hours) {
    for (int end = hour + hours; hour < end; hour++) {
      long at = START_MS + hour * Models.INTERVAL.toMillis();
      byte[] value =
          "{\"timestamp\":%d,\"value\":%d}".formatted(at, hour).getBytes(StandardCharsets.UTF_8);
      for (String series : SERIES) {
        sent.put(
            series + "@" + at,
            producer.send(
                new ProducerRecord<>(
                    TopicNames.DEFAULT.events(),
                    null,
                    at,
                    series.getBytes(StandardCharsets.UTF_8),
                    value)));
      }
    }
  }

  /** Waits until each event that was written has one forecast. */
  private void awaitForecasts() {
    List<String> expected =
        sent.entrySet().stream()
            .filter(event -> isWritten(event.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(forecasts()).containsExactlyInAnyOrderElementsOf(expected));
  }

  private static boolean isWritten(Future<RecordMetadata> event) {
    try {
      return event.get().hasOffset();
    } catch (ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the series and origins of all forecasts. */
  private List<String> forecasts() {
    List<String> forecasts = new ArrayList<>();
    ForecastCodec codec = new ForecastCodec();
    new TopicReader(client)
        .read(
            TopicNames.DEFAULT.forecasts(),
            record -> {
              String series = new String(record.key(), StandardCharsets.UTF_8);
              forecasts.add(
                  series
                      + "@"
                      + codec.decode(series, record.value()).forecast().origin().timestampMs());
            });
    return forecasts;
  }
}
