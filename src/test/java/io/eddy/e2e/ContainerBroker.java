package io.eddy.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** Kafka's published image, or the image named by {@code -Deddy.kafka.image}. */
final class ContainerBroker implements BrokerUnderTest {
  private static final String IMAGE = System.getProperty("eddy.kafka.image", "apache/kafka:4.3.1");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final KafkaContainer container =
      new KafkaContainer(DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("apache/kafka"));

  ContainerBroker() {
    // A port that Docker chooses changes at a restart.
    container.setPortBindings(List.of(freePort() + ":9092"));
    // A killed broker can only register again after its last session has expired.
    container.withEnv("KAFKA_BROKER_SESSION_TIMEOUT_MS", "3000");
    container.withEnv("KAFKA_BROKER_HEARTBEAT_INTERVAL_MS", "500");
    container.start();
  }

  static boolean isPossible() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  @Override
  public String bootstrapServers() {
    return container.getBootstrapServers();
  }

  /** Kills and starts the container, because its shell does not forward signals to Kafka. */
  @Override
  public void restart() {
    container
        .getDockerClient()
        .restartContainerCmd(container.getContainerId())
        .withTimeout(0)
        .exec();
    try (Admin admin =
        Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers()))) {
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> admin.describeCluster().nodes().get().size() == 1);
    }
  }

  @Override
  public void close() {
    container.stop();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
