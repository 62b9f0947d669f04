package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events that a broker takes because they compress well, and that are too large uncompressed. */
@Tag("slow")
@Timeout(180)
class OversizedRecordsIT {
  private static final int LARGE = 1_500_000;
  private static final long START_MS = 1_700_000_000_000L / 3_600_000 * 3_600_000;
  private static final byte[] KEY = "a".getBytes(StandardCharsets.UTF_8);

  @TempDir static Path folder;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void becomeTruncatedDeadLetters() throws Exception {
    byte[] large = "x".repeat(LARGE).getBytes(StandardCharsets.UTF_8);
    List<ConsumerRecord<byte[], byte[]>> letters =
        deadLetters(List.of(), KEY, large, large, event(1));

    assertThat(letters).hasSize(2);
    assertThat(text(letters.get(0), "__streams.errors.offset")).isEqualTo("1");
    assertThat(text(letters.get(0), "eddy.truncated")).startsWith("key 1, value " + LARGE);
    assertThat(letters.get(0).value()).hasSizeBetween(1_000_000, 1 << 20).containsOnly('x');
    assertThat(letters.get(1).key()).hasSize(16 << 10);
    assertThat(text(letters.get(1), "__streams.errors.message"))
        .isEqualTo("key: expected at most 1024 bytes, got " + LARGE);
  }

  /** The header with the original key makes the record of the keyed events topic larger. */
  @Test
  void tooLargeWithTheirKeyBecomeDeadLetters() throws Exception {
    byte[] large = "x".repeat(LARGE).getBytes(StandardCharsets.UTF_8);
    List<ConsumerRecord<byte[], byte[]>> letters =
        deadLetters(List.of("events.key=site"), KEY, large, large, event(1));

    assertThat(letters).hasSize(2);
    assertThat(text(letters.get(1), "__streams.errors.message"))
        .contains("more than kafka.producer.max.request.size (1048576)");
  }

  /** Sends a large value, a large key and some events around them; returns the dead letters. */
  private List<ConsumerRecord<byte[], byte[]>> deadLetters(
      List<String> settings, byte[] key, byte[] value, byte[] largeKey, byte[] event)
      throws Exception {
    Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
    String name = "large-" + settings.size();
    List<String> all = new ArrayList<>(settings);
    all.addAll(
        List.of(
            "application.id=" + name,
            "bootstrap.servers=" + broker.bootstrapServers(),
            "model=m",
            "topic.events=" + name + "-events",
            "topic.forecasts=" + name + "-forecasts",
            "topic.dead-letters=" + name + "-dead",
            "http.listen=off",
            "state.dir=" + folder.resolve(name)));
    if (!settings.isEmpty()) {
      all.add("topic.keyed-events=" + name + "-keyed");
    }
    EddyConfig config = new SettingSources().assignments(all).load();
    TopicNames names = config.stream().topics();
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(names, 1);
    }
    byte[] model = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);
    ModelRegistry registry = new ModelRegistry(client, names);
    registry.publisher().publish("m", model);
    if (registry.activations().read("m").descending().isEmpty()) {
      registry.rollout().activate("m", ModelVersion.of(model), null, "test");
    }
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "compression.type",
                "lz4",
                "max.request.size",
                10_000_000),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(names.events(), 0, key, event(0))).get();
      producer.send(new ProducerRecord<>(names.events(), 0, key, value)).get();
      producer.send(new ProducerRecord<>(names.events(), 0, largeKey, event)).get();
      producer.send(new ProducerRecord<>(names.events(), 0, key, event(2))).get();
    }
    String forecasts = names.forecasts();
    try (Forecaster forecaster = new Forecaster(config.stream(), config.deployment())) {
      forecaster.start();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                forecaster.requireAlive();
                assertThat(read(client, forecasts)).hasSize(2);
              });
    }
    return read(client, names.deadLetters());
  }

  private static byte[] event(int hour) {
    return "{\"timestamp\":%d,\"value\":1,\"site\":\"a\"}"
        .formatted(START_MS + hour * Models.INTERVAL.toMillis())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ConsumerRecord<byte[], byte[]> letter, String header) {
    return new String(letter.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(
      Map<String, Object> client, String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    new TopicReader(client).read(topic, records::add);
    return records;
  }
}
