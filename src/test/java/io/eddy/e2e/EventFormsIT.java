package io.eddy.e2e;

import static io.eddy.e2e.RunningEddy.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events with integer keys, with lists of measurements, as line protocol and as change events, on a
 * broker.
 */
class EventFormsIT {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int PARTITIONS = 3;
  private static final int HOURS = 20;
  private static final int KEYS = 6;
  private static final String SCHEMA =
      "{\"type\":\"struct\",\"fields\":[{\"type\":\"struct\",\"field\":\"after\",\"fields\":["
          + "{\"type\":\"bytes\",\"name\":\"org.apache.kafka.connect.data.Decimal\","
          + "\"parameters\":{\"scale\":\"2\"},\"field\":\"reading\"},"
          + "{\"type\":\"int64\",\"name\":\"org.apache.kafka.connect.data.Timestamp\","
          + "\"field\":\"taken_at\"}]}]}";
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);
  private static final TopicNames TOPICS = FormRun.TOPICS;
  private static final long BEGIN_S = 1_767_225_600;
  private static final int TRAINED_HOURS = 120;

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

  /** Lines as Telegraf's output plugin for Kafka writes them, in batches. */
  @Test
  void lineProtocolIsProposedServedAndVerified() throws Exception {
    List<byte[]> events = new ArrayList<>();
    for (int hour = 0; hour < TRAINED_HOURS; hour++) {
      String lines = "";
      for (String host : List.of("a", "b")) {
        lines +=
            String.format(
                Locale.ROOT,
                """
                cpu,cpu=cpu-total,host=%1$s usage_idle=%2$f,usage_user=%3$f,state="ok" %4$d
                mem,host=%1$s used_percent=%5$f %4$d
                """,
                host,
                90 + wave(hour, 5),
                5 - wave(hour, 2),
                (BEGIN_S + hour * 3600L) * 1_000_000_000L,
                40 + wave(hour + 3, 8));
      }
      events.add(lines.getBytes(UTF_8));
    }
    FormRun run = new FormRun(eddy, folder, Map.of());
    run.publish(events);
    run.adoptProposal(
        "events.format = influx",
        "events.key = measurement,tags.host,field",
        "events.value = value");

    assertThat(run.trainServeVerify(6 * TRAINED_HOURS))
        .containsExactly(
            "cpu/a/usage_idle",
            "cpu/a/usage_user",
            "cpu/b/usage_idle",
            "cpu/b/usage_user",
            "mem/a/used_percent",
            "mem/b/used_percent");
  }

  @Test
  void debeziumWithSchemaIsProposedServedAndVerified() throws Exception {
    serveChanges(true);
  }

  @Test
  @Tag("slow")
  void debeziumWithoutSchemaIsProposedServedAndVerified() throws Exception {
    serveChanges(false);
  }

  /** Change events of two meters; with the schema, readings are decimals in base64. */
  private void serveChanges(boolean hasSchema) throws Exception {
    List<byte[]> events = new ArrayList<>();
    for (int hour = 0; hour < TRAINED_HOURS; hour++) {
      for (int meter = 1; meter <= 2; meter++) {
        double reading = Math.round(100 * (30 * meter + wave(hour, 9))) / 100.0;
        byte[] unscaled = BigDecimal.valueOf(reading).setScale(2).unscaledValue().toByteArray();
        String event =
            String.format(
                Locale.ROOT,
                "{\"before\":null,\"after\":{\"id\":%1$d,\"meter\":\"M%2$d\",\"reading\":%3$s,"
                    + "\"taken_at\":%4$d},\"source\":{\"connector\":\"postgresql\",\"ts_ms\":%5$d,"
                    + "\"table\":\"readings\"},\"op\":\"c\",\"ts_ms\":%5$d}",
                2 * hour + meter,
                meter,
                hasSchema
                    ? '"' + Base64.getEncoder().encodeToString(unscaled) + '"'
                    : Double.toString(reading),
                (BEGIN_S + hour * 3600L) * 1000,
                (BEGIN_S + hour * 3600L) * 1000 + 250);
        events.add(
            (hasSchema ? "{\"schema\":" + SCHEMA + ",\"payload\":" + event + "}" : event)
                .getBytes(UTF_8));
      }
    }
    FormRun run = new FormRun(eddy, folder, Map.of());
    run.publish(events);
    run.adoptProposal(
        "events.key = after.meter",
        "events.timestamp = after.taken_at",
        "events.value = after.reading");

    assertThat(run.trainServeVerify(2 * TRAINED_HOURS)).containsExactly("M1", "M2");
  }

  private static double wave(int hour, double height) {
    return height * Math.sin(2 * Math.PI * hour / 24) + 0.1 * (hour * 7 % 10);
  }

  /** Serves events and verifies the forecasts. */
  private void serve(Map<String, String> mapping, String event, int forecasts) throws Exception {
    eddy.activate(MODEL);
    Map<String, String> settings = new HashMap<>(mapping);
    settings.put("events.timestamp-format", "ms");
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
