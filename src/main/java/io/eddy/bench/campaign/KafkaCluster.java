package io.eddy.bench.campaign;

import io.eddy.embedded.ClusterNode;
import io.eddy.embedded.ClusterNode.Ports;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brokers in processes of their own, each reached through two proxies. A supervisor starts a broker
 * again that has ended by itself, for example because of a full disk.
 */
final class KafkaCluster implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KafkaCluster.class);
  private static final long CHECK_MS = 1000;

  private final List<ManagedProcess> brokers = new ArrayList<>();
  private final Path folder;
  private final List<TcpProxy> proxies = new ArrayList<>();
  private final String bootstrapServers;
  private final Admin admin;
  private final ScheduledExecutorService supervisor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "campaign-brokers");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Prepares a cluster; {@link #start} starts it.
   *
   * @param folder of the brokers' data, settings and logs
   * @param size number of brokers
   */
  KafkaCluster(Path folder, int size, Network network, SocketOwners owners) throws IOException {
    this.folder = folder;
    String clusterId = Uuid.randomUuid().toString();
    List<Integer> ports = freePorts(2 * size);
    for (int i = 0; i < 2 * size; i++) {
      proxies.add(new TcpProxy(Schedule.broker(1 + i / 2), ports.get(i), network, owners));
    }
    int[] controllers = new int[size];
    for (int i = 0; i < size; i++) {
      controllers[i] = proxies.get(2 * i + 1).port();
    }
    for (int i = 0; i < size; i++) {
      Path data = data(Schedule.broker(1 + i));
      ClusterNode node =
          new ClusterNode(
              1 + i,
              size,
              Files.createDirectories(data),
              new Ports(ports.get(2 * i), ports.get(2 * i + 1)),
              new Ports(proxies.get(2 * i).port(), proxies.get(2 * i + 1).port()));
      node.format(clusterId);
      brokers.add(process(folder, node, controllers));
    }
    proxies.forEach(TcpProxy::start);
    bootstrapServers =
        brokers.stream()
            .map(broker -> ClusterNode.address(proxies.get(2 * brokers.indexOf(broker)).port()))
            .collect(Collectors.joining(","));
    admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  private static ManagedProcess process(Path folder, ClusterNode node, int[] controllers)
      throws IOException {
    String name = Schedule.broker(node.id());
    Path file = folder.resolve(name + ".properties");
    Properties settings = node.settings(controllers);
    try (Writer writer = Files.newBufferedWriter(file)) {
      settings.store(writer, null);
    }
    return new ManagedProcess(
        name,
        List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "kafka.Kafka", file.toString()),
        folder.resolve(name + ".log"));
  }

  void start() throws IOException {
    for (ManagedProcess broker : brokers) {
      broker.start();
    }
    var unused =
        supervisor.scheduleWithFixedDelay(
            this::supervise, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
  }

  /** Starts brokers that have ended by themselves, after a fault that is under way. */
  private void supervise() {
    for (ManagedProcess broker : brokers) {
      if (broker.hasEnded()) {
        try {
          broker.start();
        } catch (IOException e) {
          log.warn("cannot start {}: {}", broker.name(), e.toString());
        }
      }
    }
  }

  List<ManagedProcess> brokers() {
    return brokers;
  }

  /** Returns the folder of a broker's data. */
  Path data(String broker) {
    return folder.resolve(broker);
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  /** Returns the settings of clients. */
  Map<String, Object> client() {
    return Map.of("bootstrap.servers", bootstrapServers);
  }

  Admin admin() {
    return admin;
  }

  /** Returns the process of the active controller. */
  ManagedProcess controller() throws ExecutionException, InterruptedException {
    int id = admin.describeMetadataQuorum().quorumInfo().get().leaderId();
    return brokers.get(Math.max(0, id - 1));
  }

  /** Moves the leader of every partition to its next replica. */
  void electLeaders() throws ExecutionException, InterruptedException {
    Map<TopicPartition, Optional<NewPartitionReassignment>> moved = new HashMap<>();
    for (TopicDescription topic :
        admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get().values()) {
      for (TopicPartitionInfo partition : topic.partitions()) {
        List<Integer> replicas =
            new ArrayList<>(partition.replicas().stream().map(Node::id).toList());
        replicas.add(replicas.remove(0));
        moved.put(
            new TopicPartition(topic.name(), partition.partition()),
            Optional.of(new NewPartitionReassignment(replicas)));
      }
    }
    admin.alterPartitionReassignments(moved).all().get();
    admin.electLeaders(ElectionType.PREFERRED, moved.keySet()).partitions().get();
  }

  @Override
  public void close() throws IOException {
    supervisor.shutdownNow();
    admin.close(Duration.ofSeconds(1));
    brokers.forEach(ManagedProcess::close);
    for (TcpProxy proxy : proxies) {
      proxy.close();
    }
  }
}
