package io.eddy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events whose series stands in a field, brought under its name, limited in number and silence and
 * with clocks that run ahead, by a forecaster that is killed again and again in the midst of a
 * transaction.
 */
class KeyedEventsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int PARTITIONS = 3;
  private static final int SERIES = 30;
  private static final int KILLS = 4;
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);
  private static final TopicNames TOPICS =
      new TopicNames(
              "readings", "forecasts", "scores", "models", "activations", "letters", "status")
          .withKeyedEvents("readings-keyed");

  @TempDir Path folder;
  private final InProcessBroker broker = new InProcessBroker();
  private final Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
  private int hour;
  private int sent;
  private int unreadable;

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void killsLoseNothingAndDoubleNothing() throws Exception {
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(TOPICS, PARTITIONS);
    }
    ModelRegistry registry = new ModelRegistry(client, TOPICS);
    registry.publisher().publish("m", MODEL);
    registry.rollout().activate("m", ModelVersion.of(MODEL), null, "the first");
    Path config = config();
    Path log = folder.resolve("serve.log");

    for (int kill = 0; kill < KILLS; kill++) {
      try (ServeProcess serve = new ServeProcess(config, log)) {
        send();
        until(
            () -> {
              send();
              return isOpen("readings-keyed") && isOpen("forecasts");
            });
        serve.kill();
      }
    }
    int exitCode;
    try (ServeProcess serve = new ServeProcess(config, log)) {
      until(() -> read("forecasts").size() + read("letters").size() >= sent);
      exitCode = serve.stop();
    }

    assertThat(exitCode).as(ServeProcess.said(log)).isZero();
    List<String> origins =
        read("readings-keyed").stream().map(event -> header(event, "eddy.source")).toList();
    List<String> letters = read("letters").stream().map(KeyedEventsIT::position).toList();
    List<String> forecast = new ArrayList<>();
    ForecastCodec codec = new ForecastCodec();
    for (ConsumerRecord<byte[], byte[]> record : read("forecasts")) {
      forecast.add(
          codec.decode(new String(record.key(), UTF_8), record.value()).source().toString());
    }
    assertThat(origins).doesNotHaveDuplicates().hasSize(sent - unreadable);
    assertThat(letters).doesNotHaveDuplicates();
    assertThat(letters.stream().filter(one -> one.startsWith("readings-keyed"))).isNotEmpty();
    assertThat(letters.stream().filter(one -> !one.startsWith("readings-keyed")))
        .hasSize(unreadable);
    assertThat(forecast).doesNotHaveDuplicates().doesNotContainAnyElementsOf(letters);
    assertThat(forecast.size() + letters.size()).isEqualTo(sent);
    verifyAgrees(config, forecast.size(), letters.size() - unreadable);
  }

  private void verifyAgrees(Path config, int forecasts, int deadLetters) throws Exception {
    EddyProcess.Result result =
        EddyProcess.run(
            folder.resolve("verify.log"), "verify", "--json", "--config", config.toString());

    assertThat(result.exitCode()).as(result.output()).isZero();
    JsonNode figures = new ObjectMapper().readTree(result.output());
    assertThat(figures.get("compared").asInt()).isEqualTo(forecasts);
    assertThat(figures.get("deadLettered").asInt()).isEqualTo(deadLetters);
    assertThat(figures.get("dropped").asInt()).isZero();
  }

  /**
   * Ten hours of all series, each in a partition of its own choice but without a key. A third of
   * them is silent for most of the time; every hour there is one that is new, one that cannot be
   * read, and one whose clock is years ahead.
   */
  private void send() {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int end = hour + 10; hour < end; hour++) {
        for (int series = 0; series < SERIES; series++) {
          if (series % 3 > 0 || hour % 60 < 10) {
            send(producer, series, event("meter-" + series, hour * HOUR, series + hour % 24));
          }
        }
        send(producer, hour, event("new-" + hour, hour * HOUR, 1));
        send(producer, 1, event("meter-1", (hour + 100_000) * HOUR, 1));
        send(producer, hour, "{\"meter\": 7.5}");
        unreadable++;
      }
    }
  }

  private void send(KafkaProducer<byte[], byte[]> producer, int to, String event) {
    var unused =
        producer.send(
            new ProducerRecord<>("readings", to % PARTITIONS, null, event.getBytes(UTF_8)));
    sent++;
  }

  private static String event(String meter, long timeMs, double power) {
    return String.format(
        Locale.ROOT, "{\"meter\": \"%s\", \"at\": %d, \"power\": %f}", meter, timeMs, power);
  }

  /** Whether there are records on a topic that are not committed. */
  private boolean isOpen(String topic) {
    return ends(topic, "read_uncommitted") > ends(topic, "read_committed");
  }

  private long ends(String topic, String isolation) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            isolation);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(one -> new TopicPartition(topic, one.partition()))
              .toList();
      return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    new TopicReader(client).read(topic, records::add);
    return records;
  }

  private static String position(ConsumerRecord<byte[], byte[]> letter) {
    return "%s-%s@%s"
        .formatted(
            header(letter, "__streams.errors.topic"),
            header(letter, "__streams.errors.partition"),
            header(letter, "__streams.errors.offset"));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private static void until(Callable<Boolean> condition) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .atMost(PATIENCE)
        .until(condition);
  }

  private Path config() throws IOException {
    Properties settings = new Properties();
    settings.putAll(client);
    settings.setProperty("application.id", "keyed");
    settings.setProperty("model", "m");
    settings.setProperty("state.dir", folder.resolve("state").toString());
    settings.setProperty("threads", "1");
    settings.setProperty("topic.events", TOPICS.events());
    settings.setProperty("topic.keyed-events", "readings-keyed");
    settings.setProperty("topic.forecasts", TOPICS.forecasts());
    settings.setProperty("topic.scores", TOPICS.scores());
    settings.setProperty("topic.models", TOPICS.models());
    settings.setProperty("topic.activations", TOPICS.activations());
    settings.setProperty("topic.dead-letters", TOPICS.deadLetters());
    settings.setProperty("topic.status", TOPICS.status());
    settings.setProperty("events.key", "meter");
    settings.setProperty("events.timestamp", "at");
    settings.setProperty("events.value", "power");
    settings.setProperty("events.max-ahead-of-series", "P30D");
    settings.setProperty("series.max-per-partition", "12");
    settings.setProperty("series.time-to-live", "PT32H");
    settings.setProperty("rollback.max-error-above-naive", "off");
    settings.setProperty("kafka.session.timeout.ms", "6000");
    settings.setProperty("kafka.heartbeat.interval.ms", "1000");
    // So long that a kill comes before it.
    settings.setProperty("kafka.commit.interval.ms", "2000");
    settings.setProperty("kafka.transaction.timeout.ms", "6000");
    Path file = folder.resolve("keyed.properties");
    try (var writer = Files.newBufferedWriter(file)) {
      settings.store(writer, null);
    }
    return file;
  }
}
