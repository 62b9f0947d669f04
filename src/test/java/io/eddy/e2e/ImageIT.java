package io.eddy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.Volume;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** The image, built from the packaged jar, against a broker in another container. */
@Tag("slow")
final class ImageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String IMAGE = "eddy:test";
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final int EVENTS = 40;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void servesUnprivilegedWithinItsMemory() throws Exception {
    assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine answers");
    assumeTrue(Files.exists(EddyProcess.jar()), "the jar is not packaged");
    docker("build", "--quiet", "--file", "deploy/Dockerfile", "--tag", IMAGE, ".");
    try (ContainerBroker broker = new ContainerBroker()) {
      Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
      prepare(client);
      int port = freePort();
      try (GenericContainer<?> serve = serve(broker, port)) {
        serve.start();

        await()
            .atMost(PATIENCE)
            .failFast(() -> assertThat(serve.isRunning()).as(serve.getLogs()).isTrue())
            .until(() -> forecasts(client) >= EVENTS);

        assertThat(get(port, "/health/ready").statusCode()).isEqualTo(200);
        assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
        assertThat(get(port, "/metrics").body()).contains("eddy_events_total");
        assertThat(get(port, "/").body()).contains("<title>");
        await().atMost(PATIENCE).until(serve::isHealthy);
        assertThat(serve.execInContainer("id", "-u").getStdout().strip()).isEqualTo("10001");
        assertThat(serve.execInContainer("touch", "/opt/eddy/x").getExitCode()).isNotZero();
        assertThat(serve.execInContainer("ls", "/opt/eddy/lib").getStdout())
            .contains("kafka-streams", "rocksdbjni")
            .doesNotContain("kafka_2", "kafka-server", "scala");
        assertThat(serve.getLogs()).contains("Picked up JAVA_TOOL_OPTIONS");
        serve.getDockerClient().stopContainerCmd(serve.getContainerId()).withTimeout(40).exec();
        assertThat(serve.getCurrentContainerInfo().getState().getExitCodeLong()).isZero();
        assertThat(serve.getCurrentContainerInfo().getState().getOOMKilled()).isFalse();
      }
    }
  }

  private static GenericContainer<?> serve(ContainerBroker broker, int port) {
    return new GenericContainer<>(DockerImageName.parse(IMAGE))
        .withNetworkMode("host")
        .withEnv("EDDY_BOOTSTRAP_SERVERS", broker.bootstrapServers().replaceFirst("^\\w+://", ""))
        .withEnv("EDDY_MODEL", "m")
        .withEnv("EDDY_ROCKSDB_MEMORY", "64MiB")
        .withEnv("EDDY_HTTP_LISTEN", "127.0.0.1:" + port)
        .withEnv("JAVA_TOOL_OPTIONS", "-XX:MaxRAMPercentage=40")
        .withCreateContainerCmdModifier(
            command ->
                Objects.requireNonNull(
                        command.withVolumes(new Volume("/var/lib/eddy")).getHostConfig())
                    .withReadonlyRootfs(true)
                    .withTmpFs(Map.of("/tmp", "exec,mode=1777"))
                    .withMemory(512L << 20)
                    .withMemorySwap(512L << 20))
        .withCommand("serve");
  }

  /** Creates the topics, activates a model and publishes the events of one series. */
  private static void prepare(Map<String, Object> client) {
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(TOPICS, 2);
    }
    byte[] file = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
    ModelRegistry registry = new ModelRegistry(client, TOPICS);
    registry.publisher().publish("m", file);
    registry.rollout().activate("m", ModelVersion.of(file), null, "test");
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int hour = 0; hour < EVENTS; hour++) {
        Observation event =
            new Observation("s", (100 + hour) * Models.INTERVAL.toMillis(), hour % 24);
        var unused =
            producer.send(
                new ProducerRecord<>(
                    TOPICS.events(), event.series().getBytes(UTF_8), encoder.encode(event)));
      }
    }
  }

  private static int forecasts(Map<String, Object> client) {
    AtomicInteger count = new AtomicInteger();
    new TopicReader(client).read(TOPICS.forecasts(), record -> count.incrementAndGet());
    return count.get();
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void docker(String... arguments) throws Exception {
    List<String> command = Stream.concat(Stream.of("docker"), Stream.of(arguments)).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
