package io.eddy.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.metrics.KafkaYammerMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Runs Kafka's broker and controller over a formatted folder, from start to stop.
 *
 * <p>Kafka's own {@code KafkaRaftServer} assumes that it owns the process: it exits on a fault and
 * leaves shutdown hooks and MBeans behind. This class does neither: a fault is logged, and a fault
 * during the start makes the start fail.
 */
final class KafkaNode implements AutoCloseable {
  static final int NODE_ID = 1;
  static final String CONTROLLER = "CONTROLLER";

  private static final Logger log = LoggerFactory.getLogger(KafkaNode.class);
  static final String BROKER = "PLAINTEXT";
  private static final Duration GRACE = Duration.ofSeconds(5);

  static {
    // Kafka's metrics registry adds a shutdown hook when its class is loaded. The hook has nothing
    // to
    // do, and a process that is already exiting accepts no hook, which would make the start fail.
    Exit.setShutdownHookAdder((name, hook) -> {});
    KafkaYammerMetrics.INSTANCE.configure(Map.of());
    Exit.resetShutdownHookAdder();
  }

  private final Map<String, Integer> ports;
  private final Metrics metrics;
  private final ControllerServer controller;
  private final BrokerServer broker;

  private KafkaNode(
      Map<String, Integer> ports,
      InetSocketAddress controllerAddress,
      KafkaConfig config,
      BoundSockets sockets) {
    this.ports = ports;
    Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored =
        KafkaRaftServer.initializeLogDirs(config, log, "");
    metrics = Server.initializeMetrics(config, Time.SYSTEM, stored._1().clusterId().orElseThrow());
    SharedServer shared =
        new SharedServer(
            config,
            stored._1(),
            Time.SYSTEM,
            metrics,
            CompletableFuture.completedFuture(Map.of(NODE_ID, controllerAddress)),
            List.of(),
            KafkaNode::faultHandler,
            sockets);
    controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2());
    broker = new BrokerServer(shared);
  }

  /**
   * Starts a node with one listener, in plain text.
   *
   * @param port to listen on; 0 for a free port
   * @param data a formatted folder
   * @throws IOException if the port is in use
   */
  static KafkaNode start(int port, Path data) throws IOException {
    return start(port, data, List.of(), Map.of());
  }

  /**
   * Starts a node.
   *
   * @param port to listen on in plain text; 0 for a free port
   * @param data a formatted folder
   * @param listeners further security protocols; each has a listener of that name on a free port
   * @param settings further settings of the broker
   * @throws IOException if the port is in use
   */
  static KafkaNode start(int port, Path data, List<String> listeners, Map<String, String> settings)
      throws IOException {
    try (BoundSockets sockets = new BoundSockets()) {
      Map<String, Integer> ports = new LinkedHashMap<>();
      ports.put(BROKER, sockets.bind(BROKER, port).getPort());
      for (String listener : listeners) {
        ports.put(listener, sockets.bind(listener, 0).getPort());
      }
      InetSocketAddress controller = sockets.bind(CONTROLLER, 0);
      Properties all = settings(ports, controller.getPort(), data);
      all.putAll(settings);
      KafkaNode node = new KafkaNode(ports, controller, new KafkaConfig(all), sockets);
      boolean isUp = false;
      try {
        node.controller.startup();
        node.broker.startup();
        isUp = true;
      } finally {
        if (!isUp) {
          node.close();
        }
      }
      return node;
    }
  }

  int port() {
    return port(BROKER);
  }

  /** Returns the port of a listener. */
  int port(String listener) {
    return Objects.requireNonNull(ports.get(listener), listener);
  }

  /** Stops broker and controller within a few seconds. */
  @Override
  public void close() {
    broker.shutdown(GRACE);
    controller.shutdown();
    metrics.close();
  }

  private static FaultHandler faultHandler(String name, boolean isFatal, Runnable count) {
    return (what, cause) -> {
      log.error("the embedded broker failed, {}: {}", name, what, cause);
      count.run();
      return new IllegalStateException(name + ": " + what, cause);
    };
  }

  private static Properties settings(Map<String, Integer> ports, int controllerPort, Path data) {
    String controller = "%s:%d".formatted(BoundSockets.HOST, controllerPort);
    String listeners =
        ports.entrySet().stream()
            .map(
                listener ->
                    "%s://%s:%d"
                        .formatted(listener.getKey(), BoundSockets.HOST, listener.getValue()))
            .collect(Collectors.joining(","));
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "process.roles",
            "broker,controller",
            "node.id",
            Integer.toString(NODE_ID),
            "log.dirs",
            data.toString(),
            "controller.quorum.voters",
            NODE_ID + "@" + controller,
            "controller.listener.names",
            CONTROLLER,
            "listeners",
            listeners + "," + CONTROLLER + "://" + controller,
            "advertised.listeners",
            listeners,
            "server.max.startup.time.ms",
            "30000"));
    settings.putAll(ALONE);
    settings.putAll(SMALL);
    settings.putAll(EVENT_TIME);
    return settings;
  }

  /** Sets replication factors of 1 and no delays, since there is only one broker. */
  private static final Map<String, String> ALONE =
      Map.of(
          "offsets.topic.replication.factor", "1",
          "transaction.state.log.replication.factor", "1",
          "transaction.state.log.min.isr", "1",
          "share.coordinator.state.topic.replication.factor", "1",
          "share.coordinator.state.topic.min.isr", "1",
          "group.initial.rebalance.delay.ms", "0",
          "group.streams.initial.rebalance.delay.ms", "0",
          "auto.create.topics.enable", "false");

  /** Reduces threads, internal partitions and buffers, and disables MBeans. */
  static final Map<String, String> SMALL =
      Map.of(
          "num.network.threads", "2",
          "num.io.threads", "4",
          "background.threads", "2",
          "group.coordinator.threads", "1",
          "offsets.topic.num.partitions", "4",
          "transaction.state.log.num.partitions", "4",
          "share.coordinator.state.topic.num.partitions", "1",
          "log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20),
          "log.segment.bytes", Integer.toString(256 << 20),
          "metric.reporters", "");

  /** Keeps records regardless of their event time, which may be years in the past or future. */
  static final Map<String, String> EVENT_TIME =
      Map.of(
          "log.retention.ms",
          "-1",
          "log.message.timestamp.after.max.ms",
          Long.toString(Long.MAX_VALUE));
}
