package io.eddy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code eddy serve} from its jar, with the runtime libraries only. */
class RuntimeClassPathIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> DEVELOPMENT_PACKAGES =
      List.of(
          "kafka/server/",
          "scala/",
          "org/openjdk/jmh/",
          "org/apache/kafka/streams/TopologyTestDriver",
          "io/eddy/demo/",
          "io/eddy/embedded/",
          "io/eddy/bench/");

  @TempDir Path folder;

  @Test
  void holdsNoDevelopmentClasses() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path jar : classPath()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        file.stream()
            .map(entry -> entry.getName())
            .filter(name -> DEVELOPMENT_PACKAGES.stream().anyMatch(name::startsWith))
            .forEach(name -> found.add(jar.getFileName() + ": " + name));
      }
    }

    assertThat(found).isEmpty();
  }

  @Test
  void servesForecasts() throws Exception {
    byte[] model = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);
    Path loaded = folder.resolve("classes.log");
    Path log = folder.resolve("serve.log");
    try (InProcessBroker broker = new InProcessBroker()) {
      Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
      try (TopicAdmin admin = new TopicAdmin(client)) {
        admin.create(TopicNames.DEFAULT, 1);
      }
      ModelRegistry registry = new ModelRegistry(client, TopicNames.DEFAULT);
      registry.publisher().publish("sensors", model);
      registry.rollout().activate("sensors", ModelVersion.of(model), null, "test");
      Process serve =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-Xlog:class+load:file=" + loaded,
                  "-jar",
                  EddyProcess.jar().toString(),
                  "serve",
                  "--config",
                  config(broker).toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        send(client);
        await()
            .atMost(PATIENCE)
            .failFast("serve ended", () -> !serve.isAlive())
            .until(() -> forecasts(client) > 0);
        serve.destroy();
        assertThat(serve.waitFor(40, TimeUnit.SECONDS)).isTrue();
      } finally {
        serve.destroyForcibly();
      }

      assertThat(serve.exitValue()).as(Files.readString(log)).isZero();
      assertThat(Files.readString(loaded))
          .contains("org.apache.kafka.streams.KafkaStreams ")
          .doesNotContain(" kafka.server.", " scala.", " io.eddy.embedded.");
    }
  }

  /** The jar and the libraries that its manifest names. */
  private static List<Path> classPath() throws IOException {
    Path jar = EddyProcess.jar();
    List<Path> classPath = new ArrayList<>(List.of(jar));
    try (JarFile file = new JarFile(jar.toFile())) {
      String names = file.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      for (String name : names.split(" ", -1)) {
        classPath.add(jar.resolveSibling(name));
      }
    }
    return classPath;
  }

  private Path config(InProcessBroker broker) throws IOException {
    return Files.writeString(
        folder.resolve("eddy.properties"),
        """
        bootstrap.servers = %s
        application.id = runtime
        state.dir = %s
        http.listen = 127.0.0.1:0
        """
            .formatted(broker.bootstrapServers(), folder.resolve("state")));
  }

  private static void send(Map<String, Object> client) {
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(client, bytes, bytes)) {
      for (int hour = 0; hour < 3; hour++) {
        String event =
            "{\"timestamp\": \"%s\", \"value\": 1.5}"
                .formatted(Instant.ofEpochMilli(hour * Models.INTERVAL.toMillis()));
        var unused =
            producer.send(
                new ProducerRecord<>(
                    TopicNames.DEFAULT.events(), "a".getBytes(UTF_8), event.getBytes(UTF_8)));
      }
    }
  }

  private static int forecasts(Map<String, Object> client) {
    AtomicInteger count = new AtomicInteger();
    new TopicReader(client).read(TopicNames.DEFAULT.forecasts(), record -> count.incrementAndGet());
    return count.get();
  }
}
