package io.eddy.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * Broker and controller in one, on the loopback interface. Starts in two or three seconds; its data
 * lies in a temporary folder that {@link #close} removes, or in a folder of the caller's.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final int NODE_ID = 1;
  private static final String LOOPBACK = "127.0.0.1";

  private final Path data;
  private final boolean isTemporary;
  private final int port;
  private final int controllerPort;
  private @Nullable KafkaRaftServer server;

  private EmbeddedBroker(Path data, boolean isTemporary, int port, int controllerPort) {
    this.data = data;
    this.isTemporary = isTemporary;
    this.port = port;
    this.controllerPort = controllerPort;
  }

  /** A broker on a free port, with its data in a temporary folder. */
  public static EmbeddedBroker start() {
    return start(0, null);
  }

  /**
   * A broker.
   *
   * @param port to listen at; 0 for a free one
   * @param folder of the data, made or taken up again; null for a temporary one
   * @throws IllegalStateException where the port is taken or the broker does not start
   */
  public static EmbeddedBroker start(int port, @Nullable Path folder) {
    if (port != 0) {
      requireFree(port);
    }
    try {
      Path data = folder == null ? Files.createTempDirectory("eddy-broker-") : folder;
      int[] free = freePorts();
      EmbeddedBroker started =
          new EmbeddedBroker(data, folder == null, port == 0 ? free[0] : port, free[1]);
      try {
        started.format();
        started.startServer();
      } catch (RuntimeException e) {
        started.close();
        throw e;
      }
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's data folder cannot be made", e);
    }
  }

  /** Host and port that clients connect to. */
  public String bootstrapServers() {
    return LOOPBACK + ":" + port;
  }

  /** Stops and starts again, on the same port with the same data. */
  public void restart() {
    stopServer();
    startServer();
  }

  /** Stops the broker and removes its temporary folder. */
  @Override
  public synchronized void close() {
    stopServer();
    if (isTemporary) {
      delete(data);
    }
  }

  private void format() {
    if (Files.exists(data.resolve("meta.properties"))) {
      return;
    }
    try (PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(silent)
          .setSupportedFeatures(List.copyOf(Feature.PRODUCTION_FEATURES))
          .setNodeId(NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(data.toString())
          .addDirectory(data.toString())
          .setIgnoreFormatted(true)
          .run();
    } catch (Exception e) {
      throw new IllegalStateException("the broker's data folder cannot be formatted: " + e, e);
    }
  }

  private void startServer() {
    try {
      KafkaRaftServer starting = new KafkaRaftServer(new KafkaConfig(settings()), Time.SYSTEM);
      server = starting;
      starting.startup();
    } catch (RuntimeException e) {
      throw new IllegalStateException("the broker does not start: " + e.getMessage(), e);
    }
  }

  private void stopServer() {
    KafkaRaftServer running = server;
    server = null;
    if (running != null) {
      running.shutdown();
      running.awaitShutdown();
    }
  }

  private Properties settings() {
    Properties settings = new Properties();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(NODE_ID));
    settings.put("controller.quorum.voters", NODE_ID + "@" + LOOPBACK + ":" + controllerPort);
    settings.put(
        "listeners",
        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(LOOPBACK, port, LOOPBACK, controllerPort));
    settings.put("advertised.listeners", "PLAINTEXT://" + bootstrapServers());
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("log.dirs", data.toString());
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("background.threads", "2");
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
    settings.put("controlled.shutdown.enable", "false");
    return settings;
  }

  private static void requireFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new IllegalStateException(
          "port %d is in use: choose another with --port".formatted(port), e);
    }
  }

  /** Two ports that are free, held together so that they differ. */
  private static int[] freePorts() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket first = new ServerSocket(0, 1, loopback);
        ServerSocket second = new ServerSocket(0, 1, loopback)) {
      return new int[] {first.getLocalPort(), second.getLocalPort()};
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's folder " + folder + " cannot be removed", e);
    }
  }
}
