package io.eddy.e2e;

import static io.eddy.e2e.RunningEddy.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events with integer keys, and with lists of measurements, on a broker. */
class EventFormsIT {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int PARTITIONS = 3;
  private static final int HOURS = 20;
  private static final int KEYS = 6;
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);
  private static final TopicNames TOPICS =
      new TopicNames(
              "readings", "forecasts", "scores", "models", "activations", "letters", "status")
          .withKeyedEvents("readings-keyed");

  @TempDir Path folder;
  private RunningEddy eddy;

  @BeforeEach
  void start() {
    eddy = new RunningEddy(folder, TOPICS, PARTITIONS, "m");
  }

  @AfterEach
  void stop() {
    eddy.close();
  }

  @Test
  void integerKeysAreServedAndVerified() throws Exception {
    serve(
        Map.of("events.key-format", "long", "events.value", "v"),
        "{\"timestamp\": %1$d, \"v\": %2$f}",
        HOURS * KEYS);

    assertThat(series()).containsExactly("1000", "1001", "1002", "1003", "1004", "1005");
    assertThat(eddy.read("readings-keyed")).isEmpty();
  }

  @Test
  void elementsOfListsAreServedAndVerified() throws Exception {
    serve(
        Map.of(
            "events.key", "record,metrics[].name",
            "events.key-format", "long",
            "events.timestamp", "ts",
            "events.value", "metrics[].value"),
        "{\"metrics\": [{\"name\": \"t\", \"value\": %2$f}, {\"name\": \"h\", \"value\": -%2$f}],"
            + " \"ts\": %1$d}",
        2 * HOURS * KEYS);

    assertThat(series()).hasSize(2 * KEYS).contains("1000/h", "1000/t", "1005/t");
    assertThat(eddy.read("readings-keyed")).hasSize(2 * HOURS * KEYS);
  }

  /** Serves events and verifies the forecasts. */
  private void serve(Map<String, String> mapping, String event, int forecasts) throws Exception {
    eddy.activate(MODEL);
    Map<String, String> settings = new HashMap<>(mapping);
    settings.put("application.id", "forms");
    settings.put("topic.events", TOPICS.events());
    settings.put("topic.keyed-events", "readings-keyed");
    settings.put("topic.forecasts", TOPICS.forecasts());
    settings.put("topic.scores", TOPICS.scores());
    settings.put("topic.models", TOPICS.models());
    settings.put("topic.activations", TOPICS.activations());
    settings.put("topic.dead-letters", TOPICS.deadLetters());
    settings.put("topic.status", TOPICS.status());
    Path config = eddy.config("forms", settings);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(eddy.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int hour = 0; hour < HOURS; hour++) {
        for (long key = 1000; key < 1000 + KEYS; key++) {
          byte[] value =
              String.format(Locale.ROOT, event, hour * HOUR, key + hour % 5 + 0.5).getBytes(UTF_8);
          byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(key).array();
          var unused = producer.send(new ProducerRecord<>("readings", null, 5L, bytes, value));
        }
      }
    }
    try (ServeProcess serve = eddy.serve("serve", config)) {
      until(() -> eddy.read("forecasts").size() >= forecasts);
      assertThat(serve.stop()).as(ServeProcess.output(eddy.log("serve"))).isZero();
    }
    assertThat(eddy.read("letters")).isEmpty();
    assertThat(eddy.read("forecasts")).hasSize(forecasts);
    JsonNode report = eddy.verifyConsistent(config);
    assertThat(report.get("compared").asInt()).isEqualTo(forecasts);
  }

  private Set<String> series() {
    TreeSet<String> series = new TreeSet<>();
    eddy.read("forecasts").forEach(record -> series.add(new String(record.key(), UTF_8)));
    return series;
  }
}
