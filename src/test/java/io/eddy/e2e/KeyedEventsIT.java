package io.eddy.e2e;

import static io.eddy.e2e.RunningEddy.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events that are keyed by a field, with limits on the number, the silence and the timestamps of
 * series, processed by a forecaster that is killed repeatedly during a transaction.
 */
@Tag("slow")
class KeyedEventsIT {
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
  private RunningEddy eddy;
  private int hour;
  private int sent;
  private int unreadable;

  @BeforeEach
  void start() {
    eddy = new RunningEddy(folder, TOPICS, PARTITIONS, "m");
  }

  @AfterEach
  void stop() {
    eddy.close();
  }

  @Test
  void killsCauseNoLossAndNoDuplicates() throws Exception {
    eddy.activate(MODEL);
    Path config = config();

    for (int kill = 0; kill < KILLS; kill++) {
      try (ServeProcess serve = eddy.serve("serve", config)) {
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
    try (ServeProcess serve = eddy.serve("serve", config)) {
      until(() -> eddy.read("forecasts").size() + eddy.read("letters").size() >= sent);
      exitCode = serve.stop();
    }

    assertThat(exitCode).as(ServeProcess.output(eddy.log("serve"))).isZero();
    List<String> origins =
        eddy.read("readings-keyed").stream().map(event -> header(event, "eddy.source")).toList();
    List<String> letters = eddy.read("letters").stream().map(KeyedEventsIT::position).toList();
    List<String> forecast = new ArrayList<>();
    ForecastCodec codec = new ForecastCodec();
    for (ConsumerRecord<byte[], byte[]> record : eddy.read("forecasts")) {
      forecast.add(
          codec.decode(new String(record.key(), UTF_8), record.value()).source().toString());
    }
    assertThat(origins).doesNotHaveDuplicates().hasSize(sent - unreadable);
    assertThat(letters).doesNotHaveDuplicates();
    assertThat(letters.stream().filter(position -> position.startsWith("readings-keyed")))
        .isNotEmpty();
    assertThat(letters.stream().filter(position -> !position.startsWith("readings-keyed")))
        .hasSize(unreadable);
    assertThat(forecast).doesNotHaveDuplicates().doesNotContainAnyElementsOf(letters);
    assertThat(forecast.size() + letters.size()).isEqualTo(sent);
    JsonNode report = eddy.verifyConsistent(config);
    assertThat(report.get("compared").asInt()).isEqualTo(forecast.size());
    assertThat(report.get("deadLettered").asInt()).isEqualTo(letters.size() - unreadable);
    assertThat(report.get("dropped").asInt()).isZero();
  }

  /**
   * Sends ten hours of all series, without keys. A third of them is silent most of the time. Every
   * hour has an event of a new series, an unreadable one, and one that is years in the future.
   */
  private void send() {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(eddy.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
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

  /** Returns whether a topic has uncommitted records. */
  private boolean isOpen(String topic) {
    return ends(topic, "read_uncommitted") > ends(topic, "read_committed");
  }

  private long ends(String topic, String isolation) {
    Map<String, Object> settings = new HashMap<>(eddy.client());
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }
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

  private Path config() throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("application.id", "keyed");
    settings.put("topic.events", TOPICS.events());
    settings.put("topic.keyed-events", "readings-keyed");
    settings.put("topic.forecasts", TOPICS.forecasts());
    settings.put("topic.scores", TOPICS.scores());
    settings.put("topic.models", TOPICS.models());
    settings.put("topic.activations", TOPICS.activations());
    settings.put("topic.dead-letters", TOPICS.deadLetters());
    settings.put("topic.status", TOPICS.status());
    settings.put("events.key", "meter");
    settings.put("events.timestamp", "at");
    settings.put("events.timestamp-format", "ms");
    settings.put("events.value", "power");
    settings.put("events.max-ahead-of-series", "P30D");
    settings.put("series.max-per-partition", "12");
    settings.put("series.time-to-live", "PT32H");
    // Long enough to kill the instance before a commit.
    settings.put("kafka.commit.interval.ms", "2000");
    return eddy.config("keyed", settings);
  }
}
