package io.eddy.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.Main;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.forecast.Forecast;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.config.ThreadSettings;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.RollbackRules;
import io.eddy.series.Observation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests {@code eddy verify} over a broker, with changes of version. */
final class VerifyCommandIT {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int SERIES = 6;
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final byte[] GRU = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] LSTM = Models.file(Models.specification(CellKind.LSTM, 6, 12), 2);
  private static final byte[] RNN = Models.file(Models.specification(CellKind.RNN_TANH, 5, 24), 3);

  @TempDir Path folder;

  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private final Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private int hours;

  @AfterEach
  void stop() {
    producer.close();
    broker.close();
  }

  @Test
  void findsOnlyTamperedForecasts() throws Exception {
    run("topics", "create", "--partitions", "2");
    activate(GRU, null);
    activate(LSTM, 20 * HOUR);
    try (Forecaster forecaster = forecaster()) {
      forecaster.start();
      sendHours(30);
      send(TOPICS.events(), "series-0", "garbage".getBytes(StandardCharsets.UTF_8), HOUR);
      activate(RNN, null);
      sendUntilServedBy(3);
      activate(GRU, null);
      sendUntilServedBy(4);
      forecaster.requireAlive();
    }
    long forecasts = (long) hours * SERIES;

    assertThat(verify()).as(err.toString()).isZero();
    JsonNode agreed = result();
    assertThat(agreed.get("consistent").asBoolean()).isTrue();
    assertThat(agreed.get("events").asLong()).isEqualTo(forecasts + 1);
    assertThat(agreed.get("expected").asLong()).isEqualTo(forecasts);
    assertThat(agreed.get("found").asLong()).isEqualTo(forecasts);
    assertThat(agreed.get("deadLettered").asLong()).isEqualTo(1);
    assertThat(agreed.get("compared").asLong()).isEqualTo(forecasts);
    assertThat(agreed.get("activationLate").asLong()).isZero();

    ConsumerRecord<byte[], byte[]> twice = forecast("series-1", 7);
    send(TOPICS.forecasts(), "series-1", twice.value(), twice.timestamp(), twice.partition());
    ConsumerRecord<byte[], byte[]> altered = forecast("series-2", 25);
    send(
        TOPICS.forecasts(),
        "series-2",
        withBitFlipped(altered),
        altered.timestamp(),
        altered.partition());

    assertThat(verify()).isEqualTo(1);
    JsonNode tampered = result();
    assertThat(tampered.get("duplicated").asLong()).isEqualTo(1);
    assertThat(tampered.get("different").asLong()).isEqualTo(1);
    assertThat(tampered.get("lost").asLong()).isZero();
    assertThat(tampered.get("unexpected").asLong()).isZero();
    assertThat(tampered.get("differences"))
        .extracting(difference -> difference.get("series").asText())
        .containsExactlyInAnyOrder("series-1", "series-2");
    assertThat(tampered.get("differences"))
        .allSatisfy(one -> assertThat(one.at("/event/topic").asText()).isEqualTo(TOPICS.events()));

    assertThat(verify("--series", "series-3")).isZero();
    assertThat(result().get("events").asLong()).isEqualTo(hours);
    assertThat(verify("--from", "1970-01-01T08:00:00Z", "--to", "1970-01-02T01:00:00Z")).isZero();
    assertThat(result().get("found").asLong()).isEqualTo(17 * SERIES);
  }

  /** The version changes at hour 60 at the earliest, and the model has 24 steps. */
  @Test
  void readsOnlyContextOfLastChange() throws Exception {
    run("topics", "create", "--partitions", "2");
    activate(GRU, null);
    activate(RNN, 60 * HOUR);
    try (Forecaster forecaster = forecaster()) {
      forecaster.start();
      sendHours(70);
      forecaster.requireAlive();
    }

    assertThat(verify("--from", "1970-01-03T17:00:00Z")).as(err.toString()).isZero();
    assertThat(result().get("compared").asLong()).isEqualTo(5 * SERIES);
    for (JsonNode partition : result().get("read")) {
      assertThat(partition.get("begin").asLong()).isZero();
      assertThat(partition.get("first").asLong()).as("%s", partition).isPositive();
    }
    assertThat(run("verify", "--from", "1970-01-03T17:00:00Z")).isZero();
    assertThat(out.toString()).contains("read: ", "from offset ", "change of version");
  }

  @Test
  void comparesFromFirstRebuiltState() throws Exception {
    run("topics", "create", "--partitions", "2");
    activate(GRU, null);
    activate(LSTM, 20 * HOUR);
    try (Forecaster forecaster = forecaster()) {
      forecaster.start();
      sendHours(30);
      forecaster.requireAlive();
    }
    deleteEventsBefore(5);

    assertThat(verify()).as(err.toString()).isZero();
    JsonNode agreed = result();
    assertThat(agreed.get("found").asLong()).isEqualTo(30 * SERIES);
    assertThat(agreed.get("eventDeleted").asLong()).isEqualTo(5 * SERIES);
    assertThat(agreed.get("stateUnknown").asLong()).isEqualTo(15 * SERIES);
    assertThat(agreed.get("compared").asLong()).isEqualTo(10 * SERIES);
  }

  private void deleteEventsBefore(int hour) throws Exception {
    Map<TopicPartition, RecordsToDelete> deleted = new HashMap<>();
    new TopicReader(client)
        .read(
            TOPICS.events(),
            record -> {
              if (record.timestamp() < hour * HOUR) {
                deleted.put(
                    new TopicPartition(record.topic(), record.partition()),
                    RecordsToDelete.beforeOffset(record.offset() + 1));
              }
            });
    try (Admin admin = Admin.create(client)) {
      admin.deleteRecords(deleted).all().get();
    }
  }

  private Forecaster forecaster() {
    return new Forecaster(
        StreamSettingsBuilder.settings("sensors").topics(TOPICS).build(),
        new Deployment(
            "eddy",
            folder.resolve("state").toString(),
            ThreadSettings.of(1),
            client,
            RollbackRules.DEFAULT,
            RocksDbSettings.DEFAULT));
  }

  private void activate(byte[] file, @Nullable Long fromMs) {
    ModelRegistry registry = new ModelRegistry(client, TOPICS);
    registry.publisher().publish("sensors", file);
    registry.rollout().activate("sensors", ModelVersion.of(file), fromMs, "test");
  }

  private void sendHours(int count) throws Exception {
    for (int end = hours + count; hours < end; hours++) {
      for (int series = 0; series < SERIES; series++) {
        double value = 10 * series + 3 * StrictMath.sin((hours + series) / 4.0);
        Observation observation = new Observation("series-" + series, hours * HOUR, value);
        send(
            TOPICS.events(),
            observation.series(),
            new EventEncoder(EventFormat.JSON).encode(observation),
            observation.timestampMs());
      }
    }
    await().atMost(PATIENCE).until(() -> forecasts().size() >= hours * SERIES);
  }

  /** Sends events hour by hour until every series is served under {@code epoch}. */
  private void sendUntilServedBy(long epoch) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              sendHours(1);
              return forecasts().stream()
                  .filter(record -> record.timestamp() == (hours - 1) * HOUR)
                  .allMatch(record -> epoch(record) == epoch);
            });
  }

  private static long epoch(ConsumerRecord<byte[], byte[]> record) {
    return decode(record).forecast().origin().served().epoch();
  }

  private static PublishedForecast decode(ConsumerRecord<byte[], byte[]> record) {
    return new ForecastCodec()
        .decode(new String(record.key(), StandardCharsets.UTF_8), record.value());
  }

  private List<ConsumerRecord<byte[], byte[]>> forecasts() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    new TopicReader(client).read(TOPICS.forecasts(), records::add);
    return records;
  }

  private ConsumerRecord<byte[], byte[]> forecast(String series, int hour) {
    return forecasts().stream()
        .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(series))
        .filter(record -> record.timestamp() == hour * HOUR)
        .findFirst()
        .orElseThrow();
  }

  private static byte[] withBitFlipped(ConsumerRecord<byte[], byte[]> record) {
    PublishedForecast published = decode(record);
    Forecast forecast = published.forecast();
    double[] values = forecast.values().clone();
    values[3] = Double.longBitsToDouble(Double.doubleToRawLongBits(values[3]) ^ 1);
    return new ForecastCodec()
        .encode(
            new PublishedForecast(
                new Forecast(forecast.origin(), forecast.quantileLevels(), 0, values),
                published.model(),
                published.source(),
                published.known()));
  }

  private void send(String topic, String key, byte[] value, long timestampMs) throws Exception {
    send(topic, key, value, timestampMs, null);
  }

  private void send(
      String topic, String key, byte[] value, long timestampMs, @Nullable Integer partition)
      throws Exception {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(topic, partition, timestampMs, bytes, value)).get();
  }

  private int verify(String... options) {
    List<String> arguments = new ArrayList<>(List.of("verify", "--json"));
    arguments.addAll(List.of(options));
    return run(arguments.toArray(String[]::new));
  }

  private JsonNode result() throws IOException {
    return new ObjectMapper().readTree(out.toString());
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(all.toArray(String[]::new));
  }
}
