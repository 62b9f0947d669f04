package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A broker with Eddy's topics, and Eddy's commands in processes of their own. */
final class RunningEddy implements AutoCloseable {
  /** Settings by which the group notices a killed instance within some seconds. */
  private static final Map<String, String> FAST_FAILOVER =
      Map.of(
          "threads", "1",
          "kafka.session.timeout.ms", "6000",
          "kafka.heartbeat.interval.ms", "1000",
          "kafka.transaction.timeout.ms", "6000",
          // Test models may be worse than seasonal naive.
          "rollback.max-error-above-naive", "off");

  private final InProcessBroker broker = new InProcessBroker();
  private final Path folder;
  private final TopicNames topics;
  private final String model;
  private final Map<String, Object> client;
  private final ModelRegistry registry;

  /**
   * Starts a broker and creates the topics.
   *
   * @param folder for settings, states and logs
   */
  RunningEddy(Path folder, TopicNames topics, int partitions, String model) {
    this.folder = folder;
    this.topics = topics;
    this.model = model;
    client = Map.of("bootstrap.servers", broker.bootstrapServers());
    registry = new ModelRegistry(client, topics);
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(topics, partitions);
    }
  }

  Map<String, Object> client() {
    return client;
  }

  ModelRegistry registry() {
    return registry;
  }

  void restartBroker() {
    broker.restart();
  }

  /** Publishes a model file and activates it for all series. */
  void activate(byte[] file) {
    registry.publisher().publish(model, file);
    registry.rollout().activate(model, ModelVersion.of(file), null, "test");
  }

  /** Writes the settings of an instance, with fast failover, and returns their file. */
  Path config(String instance, Map<String, String> settings) throws IOException {
    Properties properties = new Properties();
    properties.putAll(client);
    properties.putAll(FAST_FAILOVER);
    properties.setProperty("model", model);
    properties.setProperty("state.dir", folder.resolve(instance + "-state").toString());
    properties.putAll(settings);
    Path file = folder.resolve(instance + ".properties");
    try (var writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    return file;
  }

  /** Returns the log file of an instance. */
  Path log(String instance) {
    return folder.resolve(instance + ".log");
  }

  /** Starts {@code eddy serve}. */
  ServeProcess serve(String instance, Path config) throws IOException {
    return new ServeProcess(config, log(instance));
  }

  /** Runs {@code eddy verify}. */
  EddyProcess.Result verify(Path config) throws IOException, InterruptedException {
    return EddyProcess.run(log("verify"), "verify", "--json", "--config", config.toString());
  }

  /** Runs {@code eddy verify}, which must find no difference, and returns its report. */
  JsonNode verifyConsistent(Path config) throws IOException, InterruptedException {
    EddyProcess.Result result = verify(config);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return new ObjectMapper().readTree(result.output());
  }

  /** Returns the committed records of a topic. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    new TopicReader(client).read(topic, records::add);
    return records;
  }

  /** Waits up to three minutes for a condition. */
  static void until(Callable<Boolean> condition) {
    await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMinutes(3))
        .until(condition);
  }

  TopicNames topics() {
    return topics;
  }

  @Override
  public void close() {
    broker.close();
  }
}
