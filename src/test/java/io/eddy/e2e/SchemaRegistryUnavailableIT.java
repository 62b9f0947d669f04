package io.eddy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code eddy serve} with an unreachable schema registry. */
@Tag("slow")
class SchemaRegistryUnavailableIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);
  private static final String SCHEMA =
      """
      {"type": "record", "name": "Meter", "fields": [
        {"name": "timestamp", "type": "long"}, {"name": "value", "type": "double"}]}
      """;

  @TempDir Path folder;
  private final InProcessBroker broker = new InProcessBroker();
  private final Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
  private int port;

  @BeforeEach
  void start() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(TOPICS, 1);
    }
    ModelRegistry registry = new ModelRegistry(client, TOPICS);
    registry.publisher().publish("sensors", MODEL);
    registry.rollout().activate("sensors", ModelVersion.of(MODEL), null, "the first");
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void waitsForUnreachableRegistryAndLosesNoEvent() throws Exception {
    Path config = config("json");
    send();
    Path log = folder.resolve("serve.log");
    HttpServer registry = null;
    try (ServeProcess serve = new ServeProcess(config, log)) {
      await()
          .atMost(PATIENCE)
          .until(() -> ServeProcess.output(log).contains("when the schema registry answers"));
      assertThat(ServeProcess.output(log))
          .contains("schema registry http://localhost:" + port + " is unavailable (");
      assertThat(read(TOPICS.forecasts())).isEmpty();

      registry = registry();

      await().atMost(PATIENCE).until(() -> read(TOPICS.forecasts()).size() == 3);
      assertThat(serve.stop()).as(ServeProcess.output(log)).isZero();
    } finally {
      if (registry != null) {
        registry.stop(0);
      }
    }
    assertThat(read(TOPICS.forecasts())).hasSize(3);
    assertThat(read(TOPICS.deadLetters())).isEmpty();
  }

  @Test
  void stopsWhileRegistryIsAwaited() throws Exception {
    Path config = config("json");
    send();
    Path log = folder.resolve("serve.log");
    try (ServeProcess serve = new ServeProcess(config, log)) {
      await()
          .atMost(PATIENCE)
          .until(() -> ServeProcess.output(log).contains("when the schema registry answers"));

      assertThat(serve.stop()).as(ServeProcess.output(log)).isZero();
    }
  }

  @Test
  void failsBeforeReadingIfSchemasAreNeeded() throws Exception {
    Path config = config("avro");
    send();

    EddyProcess.Result failed = serve(config);

    assertThat(failed.exitCode()).as(failed.output()).isEqualTo(1);
    assertThat(failed.output().lines().filter(line -> line.startsWith("eddy: ")))
        .as(failed.output())
        .singleElement()
        .asString()
        .startsWith("eddy: schema registry http://localhost:" + port)
        .endsWith("start it, or check schema.registry.url");
    assertThat(failed.output()).doesNotContain("\tat ");
  }

  private EddyProcess.Result serve(Path config) throws IOException, InterruptedException {
    Path log = folder.resolve("serve.log");
    Process process =
        EddyProcess.of("serve", "--config", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new EddyProcess.Result(process.waitFor(), Files.readString(log));
  }

  /** Sends three events in the wire format with schema 7. */
  private void send() {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int hour = 0; hour < 3; hour++) {
        ByteBuffer event = ByteBuffer.allocate(32).put((byte) 0).putInt(7);
        long zigzag = 2L * hour * Models.INTERVAL.toMillis();
        for (; zigzag > 0x7F; zigzag >>>= 7) {
          event.put((byte) (0x80 | (zigzag & 0x7F)));
        }
        event.put((byte) zigzag).order(ByteOrder.LITTLE_ENDIAN).putDouble(20 + hour);
        byte[] value = new byte[event.position()];
        event.flip().get(value);
        var unused =
            producer.send(new ProducerRecord<>(TOPICS.events(), "a".getBytes(UTF_8), value));
      }
    }
  }

  /** Starts a registry with schema 7. */
  private HttpServer registry() throws IOException {
    byte[] answer =
        new ObjectMapper().createObjectNode().put("schema", SCHEMA).toString().getBytes(UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/schemas/ids/7",
        exchange -> {
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    new TopicReader(client).read(topic, records::add);
    return records;
  }

  private Path config(String form) throws IOException {
    Properties settings = new Properties();
    settings.putAll(client);
    settings.setProperty("state.dir", folder.resolve("state").toString());
    settings.setProperty("threads", "1");
    settings.setProperty("events.format", "avro");
    // The field is a plain number, and the events are of 1970.
    settings.setProperty("events.timestamp-format", "ms");
    settings.setProperty("forecasts.format", form);
    settings.setProperty("schema.registry.url", "http://localhost:" + port);
    settings.setProperty("rollback.max-error-above-naive", "off");
    Path file = folder.resolve("away.properties");
    try (var writer = Files.newBufferedWriter(file)) {
      settings.store(writer, null);
    }
    return file;
  }
}
