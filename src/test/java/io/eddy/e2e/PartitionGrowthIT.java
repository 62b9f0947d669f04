package io.eddy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Partitions are added to the events topic of a forecaster that has state. */
@Tag("slow")
@Timeout(600)
class PartitionGrowthIT {
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);
  private static final long START_MS = 1_700_000_000_000L / 3_600_000 * 3_600_000;
  private static final String EVENTS = TopicNames.DEFAULT.events();
  private static final int SERIES = 20;

  @TempDir Path folder;
  private RunningEddy eddy;
  private Path config;
  private int hour;
  private int sent;

  @BeforeEach
  void start() throws Exception {
    eddy = new RunningEddy(folder, TopicNames.DEFAULT, 2, "m");
    eddy.activate(MODEL);
    config = eddy.config("one", settings());
  }

  Map<String, String> settings() {
    return Map.of("http.listen", "off");
  }

  @AfterEach
  void stop() {
    eddy.close();
  }

  @Test
  void alterMovesStatesWithTheirSeries() throws Exception {
    assertAlterMovesStates();
  }

  @Test
  void alterMovesStatesOfStreamsGroup() throws Exception {
    Map<String, String> settings = new HashMap<>(settings());
    settings.put("kafka.group.protocol", "streams");
    config = eddy.config("one", settings);

    assertAlterMovesStates();
  }

  private void assertAlterMovesStates() throws Exception {
    try (ServeProcess serve = eddy.serve("one", config)) {
      send(15);
      awaitForecasts(serve);
      assertThat(serve.stop()).isZero();
    }
    send(3);

    assertThat(alter("--partitions", "4", "--dry-run"))
        .contains("would alter sensor-events: partitions 2 → 4", "by murmur2, which agrees");
    assertThat(alter("--partitions", "4", "--settle", "PT0S"))
        .contains("processing the events left", "moved the states of", "done");
    try (ServeProcess serve = eddy.serve("one", config)) {
      send(15);
      awaitForecasts(serve);
      assertThat(alterResult("--partitions", "8").exitCode()).isEqualTo(1);
      assertThat(serve.stop()).isZero();
    }

    assertContinuedInOtherPartitions();
    assertVerified();
    assertThat(alter("--partitions", "4")).contains("has as many partitions as");
  }

  @Test
  void continuesAfterPartitionsWereAddedWhileRunning() throws Exception {
    try (ServeProcess serve = eddy.serve("one", config)) {
      send(15);
      awaitForecasts(serve);
      grow(4);
      RunningEddy.until(
          () -> ServeProcess.output(eddy.log("one")).contains("run `eddy topics alter`"));
      // Producers that know the new partitions use them; those events wait.
      send(5);
      assertThat(serve.isAlive()).isTrue();
      assertThat(serve.stop()).isZero();
    }
    try (ServeProcess serve = eddy.serve("two", eddy.config("two", settings()))) {
      assertThat(serve.exitCode(60, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(ServeProcess.output(eddy.log("two"))).contains("run `eddy topics alter");
    }

    alter("--settle", "PT0S");
    try (ServeProcess serve = eddy.serve("one", config)) {
      send(5);
      awaitForecasts(serve);
      assertThat(serve.stop()).isZero();
    }
    assertContinuedInOtherPartitions();
    assertVerified();
    growsOnceMore();
  }

  /** A number that is not a multiple moves series to partitions that had other ones. */
  private void growsOnceMore() throws Exception {
    alter("--partitions", "7", "--settle", "PT0S");
    try (ServeProcess serve = eddy.serve("one", config)) {
      send(5);
      awaitForecasts(serve);
      assertThat(serve.stop()).isZero();
    }
    assertVerified();
  }

  /** SIGKILL at each step that the command reports; it is repeated until it is done. */
  @Test
  void killedAlterLosesNothing() throws Exception {
    try (ServeProcess serve = eddy.serve("one", config)) {
      send(15);
      awaitForecasts(serve);
      assertThat(serve.stop()).isZero();
    }
    send(3);

    killAlterAt("altering");
    for (String step : List.of("processing the events left", "moved the states of")) {
      killAlterAt(step);
      try (ServeProcess serve = eddy.serve("two", eddy.config("two", settings()))) {
        assertThat(serve.exitCode(90, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(ServeProcess.output(eddy.log("two"))).contains("run `eddy topics alter");
      }
    }
    RunningEddy.until(() -> alterResult("--settle", "PT0S").exitCode() == 0);
    try (ServeProcess serve = eddy.serve("one", config)) {
      send(5);
      awaitForecasts(serve);
      assertThat(serve.stop()).isZero();
    }
    assertContinuedInOtherPartitions();
    assertVerified();
  }

  /** Starts the command, again while an instance that was killed is in the group, and kills it. */
  private void killAlterAt(String step) throws Exception {
    RunningEddy.until(
        () -> {
          Path log = eddy.log("killed");
          Files.deleteIfExists(log);
          Process alter =
              EddyProcess.of(
                      "topics",
                      "alter",
                      "--partitions",
                      "4",
                      "--settle",
                      "PT0S",
                      "--config",
                      config.toString())
                  .redirectErrorStream(true)
                  .redirectOutput(log.toFile())
                  .start();
          RunningEddy.until(() -> !alter.isAlive() || Files.readString(log).contains(step));
          alter.destroyForcibly().waitFor();
          return Files.readString(log).contains(step);
        });
  }

  private void grow(int partitions) throws Exception {
    try (Admin admin = Admin.create(eddy.client())) {
      admin.createPartitions(Map.of(EVENTS, NewPartitions.increaseTo(partitions))).all().get();
    }
  }

  private String alter(String... options) throws Exception {
    EddyProcess.Result result = alterResult(options);
    String output = result.output() + ServeProcess.output(eddy.log("alter"));
    assertThat(result.exitCode()).as(output).isZero();
    return output;
  }

  private EddyProcess.Result alterResult(String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("topics", "alter"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("--config", config.toString()));
    return EddyProcess.run(eddy.log("alter"), arguments.toArray(String[]::new));
  }

  /** Sends hours of all series with a new producer, which knows the present partitions. */
  private void send(int hours) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(eddy.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int end = hour + hours; hour < end; hour++) {
        long at = START_MS + hour * Models.INTERVAL.toMillis();
        for (int series = 0; series < SERIES; series++) {
          byte[] value =
              "{\"timestamp\":%d,\"value\":%d}".formatted(at, hour % 7 + series).getBytes(UTF_8);
          var unused =
              producer.send(
                  new ProducerRecord<>(EVENTS, null, at, ("s" + series).getBytes(UTF_8), value));
          sent++;
        }
      }
    }
  }

  private void awaitForecasts(ServeProcess serve) throws Exception {
    RunningEddy.until(
        () -> !serve.isAlive() || eddy.read(TopicNames.DEFAULT.forecasts()).size() >= sent);
    assertThat(serve.isAlive()).as(ServeProcess.output(eddy.log("one"))).isTrue();
  }

  private void assertContinuedInOtherPartitions() {
    Set<Integer> partitions = new HashSet<>();
    Set<String> positions = new HashSet<>();
    ForecastCodec codec = new ForecastCodec();
    for (ConsumerRecord<byte[], byte[]> record : eddy.read(TopicNames.DEFAULT.forecasts())) {
      PublishedForecast forecast = codec.decode(new String(record.key(), UTF_8), record.value());
      assertThat(positions.add(forecast.source().toString())).isTrue();
      assertThat(record.partition()).isEqualTo(forecast.source().partition());
      partitions.add(record.partition());
      long origin = forecast.forecast().origin().timestampMs();
      if (origin > START_MS + 15 * Models.INTERVAL.toMillis()) {
        assertThat(forecast.forecast().origin().warm()).isTrue();
      }
    }
    assertThat(positions).hasSize(sent);
    assertThat(partitions).hasSizeGreaterThan(2);
  }

  private void assertVerified() throws Exception {
    JsonNode report = eddy.verifyConsistent(config);
    assertThat(report.get("compared").asInt()).isEqualTo(sent);
  }
}
