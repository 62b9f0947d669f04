package io.eddy.bench.stream;

import io.eddy.cli.Main;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.ModelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A broker in a process of its own, and the streams that connect to it. */
final class BenchCluster implements AutoCloseable {
  static final RunningStream.Names EDDY =
      new RunningStream.Names("bench-eddy", TopicNames.DEFAULT.forecasts());
  static final RunningStream.Names BARE = new RunningStream.Names("bench-bare", BareStream.RESULTS);

  private static final int BROKER_ID = 1;
  private static final String MODEL = "bench";
  private static final int START_ATTEMPTS = 1200;
  private static final long START_PAUSE_MS = 100;

  /** A suspended process sends no heartbeats: the longest time that the broker accepts. */
  private static final List<String> SUSPENDABLE =
      List.of("kafka.session.timeout.ms=1800000", "kafka.max.poll.interval.ms=2000000000");

  private final Workplace workplace;
  private final StreamPlan.Streams plan;
  private final StreamPlan.EventTopic topic;
  private final int port;
  private final JavaProcess broker;
  private final Admin admin;

  /** Starts a broker with topics of that many partitions, and activates a model. */
  BenchCluster(Workplace workplace, StreamPlan plan, byte[] model) throws InterruptedException {
    this.workplace = workplace;
    this.plan = plan.streams();
    topic = plan.load().topic();
    port = freePort();
    broker =
        workplace.start(
            "broker",
            Main.class,
            List.of(
                "broker",
                "--port",
                Integer.toString(port),
                "--data",
                workplace.path("broker").toString()));
    awaitBroker();
    Map<String, Object> client =
        Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
    admin = Admin.create(client);
    createTopics(client, topic.partitions());
    ModelRegistry registry = new ModelRegistry(client, TopicNames.DEFAULT);
    registry.publisher().publish(MODEL, model);
    registry.rollout().activate(MODEL, ModelVersion.of(model), null, "bench");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the line that the broker prints when it is ready. */
  private void awaitBroker() throws InterruptedException {
    for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
      broker.requireAlive();
      if (broker.log().contains("listening on " + bootstrapServers())) {
        return;
      }
      Thread.sleep(START_PAUSE_MS);
    }
    throw broker.failure("did not start");
  }

  private void createTopics(Map<String, Object> client, int partitions)
      throws InterruptedException {
    try (TopicAdmin topics = new TopicAdmin(client)) {
      topics.create(TopicNames.DEFAULT, partitions);
    }
    try {
      admin
          .createTopics(
              List.of(new NewTopic(BARE.results(), Optional.of(partitions), Optional.empty())))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot create topic " + BARE.results(), e);
    }
  }

  String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  String events() {
    return TopicNames.DEFAULT.events();
  }

  /** Returns the size of a stream's changelog topics on the broker's disk. */
  long changelogBytes(RunningStream.Names names) throws InterruptedException {
    return diskBytes(topic -> topic.startsWith(names.applicationId() + "-"));
  }

  /** Returns the size of a stream's changelog and result topics on the broker's disk. */
  double brokerBytes(RunningStream.Names names) throws InterruptedException {
    return changelogBytes(names) + diskBytes(topic -> topic.equals(names.results()));
  }

  private long diskBytes(Predicate<String> topics) throws InterruptedException {
    try {
      return admin.describeLogDirs(List.of(BROKER_ID)).allDescriptions().get().values().stream()
          .flatMap(folders -> folders.values().stream())
          .flatMap(folder -> folder.replicaInfos().entrySet().stream())
          .filter(replica -> topics.test(replica.getKey().topic()))
          .mapToLong(replica -> replica.getValue().size())
          .sum();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot read the sizes of topics", e);
    }
  }

  /** Starts {@code serve}. */
  RunningStream startEddy() {
    List<JavaProcess> processes = new ArrayList<>();
    for (int i = 1; i <= plan.instances(); i++) {
      List<String> arguments = new ArrayList<>(List.of("serve"));
      for (String setting : settings(EDDY, i)) {
        arguments.addAll(List.of("--set", setting));
      }
      processes.add(workplace.start("eddy " + i, Main.class, arguments));
    }
    return new RunningStream(EDDY, processes, broker, admin);
  }

  /** {@code serve} in one process, and its address. */
  record Server(JavaProcess process, RunningStream stream, String url) {}

  /** Starts {@code serve} in one process with more JVM options. */
  Server startServer(List<String> options) {
    String address = "127.0.0.1:" + freePort();
    List<String> arguments = new ArrayList<>(List.of("serve"));
    for (String setting : settings(EDDY, 1)) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of("--set", "http.listen=" + address));
    JavaProcess process = workplace.start("eddy", options, Main.class, arguments);
    return new Server(
        process, new RunningStream(EDDY, List.of(process), broker, admin), "http://" + address);
  }

  /** Starts {@code verify}. */
  JavaProcess startVerify() {
    List<String> arguments = new ArrayList<>(List.of("verify"));
    for (String setting : settings(EDDY, 1)) {
      arguments.addAll(List.of("--set", setting));
    }
    return workplace.start("verify", Main.class, arguments);
  }

  /** Starts the bare topology, which stores and emits samples. */
  RunningStream startBare(RecordSample sample) throws IOException {
    Path file = workplace.path("sample");
    sample.write(file);
    List<JavaProcess> processes = new ArrayList<>();
    for (int i = 1; i <= plan.instances(); i++) {
      List<String> arguments = new ArrayList<>(List.of(file.toString()));
      arguments.addAll(settings(BARE, i));
      processes.add(workplace.start("bare topology " + i, BareStream.class, arguments));
    }
    return new RunningStream(BARE, processes, broker, admin);
  }

  private List<String> settings(RunningStream.Names names, int instance) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "bootstrap.servers=" + bootstrapServers(),
                "application.id=" + names.applicationId(),
                "state.dir=" + stateFolder(names, instance),
                "model=" + MODEL,
                "events.format=" + topic.format().id(),
                "threads=" + plan.threads(),
                "http.listen=127.0.0.1:0",
                "rollback.max-error-above-naive=off"));
    settings.addAll(SUSPENDABLE);
    settings.addAll(plan.settings());
    return settings;
  }

  /** Returns the folder of the state stores of a process. */
  Path stateFolder(RunningStream.Names names, int instance) {
    return workplace.path("%s-%d".formatted(names.applicationId(), instance));
  }

  @Override
  public void close() {
    admin.close();
  }
}
