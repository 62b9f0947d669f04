package io.eddy.embedded;

import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The settings of a node of a cluster, which is a broker and a controller of its own process.
 *
 * @param id from 1 on
 * @param nodes number of nodes
 * @param data folder of its data
 * @param listeners ports that it listens on
 * @param advertised ports that it tells to clients and other nodes
 */
public record ClusterNode(int id, int nodes, Path data, Ports listeners, Ports advertised) {
  private static final int MAX_REPLICAS = 3;

  /** The ports of the broker and of the controller, on the loopback interface. */
  public record Ports(int broker, int controller) {
    private String listeners() {
      return "%s://%s:%d,%s://%s:%d"
          .formatted(
              KafkaNode.BROKER,
              BoundSockets.HOST,
              broker,
              KafkaNode.CONTROLLER,
              BoundSockets.HOST,
              controller);
    }
  }

  /** Returns the host and port of a port on the loopback interface. */
  public static String address(int port) {
    return BoundSockets.HOST + ":" + port;
  }

  /** Formats the folder of the data. */
  public void format(String clusterId) {
    DataFolder.format(data, id, clusterId);
  }

  /**
   * Returns the settings of Kafka's own server.
   *
   * @param controllers the advertised ports of all controllers, in the order of the ids
   */
  public Properties settings(int[] controllers) {
    Properties settings = new Properties();
    settings.putAll(KafkaNode.SMALL);
    settings.putAll(KafkaNode.EVENT_TIME);
    settings.setProperty("process.roles", "broker,controller");
    settings.setProperty("node.id", Integer.toString(id));
    settings.setProperty("log.dirs", data.toString());
    settings.setProperty(
        "controller.quorum.voters",
        IntStream.rangeClosed(1, nodes)
            .mapToObj(node -> node + "@" + address(controllers[node - 1]))
            .collect(Collectors.joining(",")));
    settings.setProperty("controller.listener.names", KafkaNode.CONTROLLER);
    settings.setProperty("listeners", listeners.listeners());
    settings.setProperty("advertised.listeners", advertised.listeners());
    settings.setProperty("auto.create.topics.enable", "false");
    replicate(settings);
    return settings;
  }

  /** Replicates every topic three times, if there are as many nodes; a write needs two replicas. */
  private void replicate(Properties settings) {
    String replicas = Integer.toString(Math.min(nodes, MAX_REPLICAS));
    String inSync = Integer.toString(Math.min(nodes, MAX_REPLICAS - 1));
    settings.setProperty("default.replication.factor", replicas);
    settings.setProperty("min.insync.replicas", inSync);
    settings.setProperty("offsets.topic.replication.factor", replicas);
    settings.setProperty("transaction.state.log.replication.factor", replicas);
    settings.setProperty("transaction.state.log.min.isr", inSync);
    settings.setProperty("share.coordinator.state.topic.replication.factor", replicas);
    settings.setProperty("share.coordinator.state.topic.min.isr", inSync);
  }
}
