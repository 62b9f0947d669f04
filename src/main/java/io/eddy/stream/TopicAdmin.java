package io.eddy.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics and checks their settings. */
public final class TopicAdmin implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_PERIOD = Duration.ofMillis(20);

  private final Admin admin;
  private final String bootstrapServers;

  /** How a topic has to be. */
  private record Definition(String name, int partitions, Map<String, String> settings) {}

  /**
   * Connects.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   */
  public TopicAdmin(Map<String, Object> client) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis() / 2);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    bootstrapServers = String.valueOf(client.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
    admin = Admin.create(settings);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }

  /**
   * Creates the topics that are missing and leaves the others alone.
   *
   * @param partitions of events and forecasts, for the topics that are made
   * @return names of the topics made
   * @throws BrokerException where no broker answers
   */
  public List<String> create(TopicNames names, int partitions) {
    Set<String> present = names();
    List<String> made = new ArrayList<>();
    int events = present.contains(names.events()) ? partitionsOf(names.events()) : partitions;
    for (Definition definition : definitions(names, events)) {
      if (!present.contains(definition.name())) {
        make(definition);
        made.add(definition.name());
      }
    }
    awaitVisible(made);
    return made;
  }

  /**
   * What is wrong with the topics, each with what to do about it; empty where nothing is.
   *
   * @throws BrokerException where no broker answers
   */
  public List<String> check(TopicNames names) {
    Set<String> present = names();
    List<String> problems = new ArrayList<>();
    for (String name : names.all()) {
      if (!present.contains(name)) {
        problems.add("topic %s is missing: run `eddy topics create`".formatted(name));
      }
    }
    if (!problems.isEmpty()) {
      return problems;
    }
    int events = partitionsOf(names.events());
    int forecasts = partitionsOf(names.forecasts());
    if (forecasts != events) {
      problems.add(
          "topic %s has %d partitions, %s has %d: they need as many, so that a forecast lies where its event does"
              .formatted(names.forecasts(), forecasts, names.events(), events));
    }
    for (String name : List.of(names.models(), names.activations())) {
      String policy = setting(name, TopicConfig.CLEANUP_POLICY_CONFIG);
      if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
        problems.add(
            "topic %s has cleanup.policy=%s, compact is needed: kafka-configs --alter --topic %s --add-config cleanup.policy=compact"
                .formatted(name, policy, name));
      }
    }
    return problems;
  }

  /**
   * Makes sure that a topic is there.
   *
   * @throws BrokerException where it is not, or no broker answers
   */
  public void require(String topic) {
    if (!names().contains(topic)) {
      throw new BrokerException(
          "topic " + topic + " is missing: run `eddy topics create`", new IllegalStateException());
    }
  }

  /** Waits until the broker shows topics that its controller has made. */
  private void awaitVisible(List<String> made) {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!names().containsAll(made)) {
      if (System.nanoTime() > deadlineNs) {
        throw new BrokerException(
            "the broker at %s does not show the topics it made: %s"
                .formatted(bootstrapServers, String.join(", ", made)),
            new IllegalStateException());
      }
      LockSupport.parkNanos(LOOK_PERIOD.toNanos());
    }
  }

  private static List<Definition> definitions(TopicNames names, int partitions) {
    // Records bear event time, and retention counts it: a replayed history would be deleted on
    // arrival.
    Map<String, String> kept = Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");
    Map<String, String> compacted =
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    Map<String, Definition> definitions = new LinkedHashMap<>();
    for (String name : List.of(names.events(), names.forecasts(), names.scores())) {
      definitions.put(name, new Definition(name, partitions, kept));
    }
    definitions.put(names.models(), new Definition(names.models(), 1, compacted));
    definitions.put(names.activations(), new Definition(names.activations(), 1, compacted));
    definitions.put(names.deadLetters(), new Definition(names.deadLetters(), 1, kept));
    return List.copyOf(definitions.values());
  }

  private Set<String> names() {
    return await(admin.listTopics().names());
  }

  private int partitionsOf(String topic) {
    TopicDescription description =
        await(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
    return Objects.requireNonNull(description).partitions().size();
  }

  private String setting(String topic, String key) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return Objects.requireNonNull(
            await(admin.describeConfigs(List.of(resource)).all()).get(resource))
        .get(key)
        .value();
  }

  private void make(Definition definition) {
    NewTopic topic =
        new NewTopic(definition.name(), Optional.of(definition.partitions()), Optional.empty())
            .configs(definition.settings());
    try {
      await(admin.createTopics(List.of(topic)).all());
    } catch (BrokerException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private <T> T await(KafkaFuture<T> future) {
    try {
      return future.get(PATIENCE.toMillis() + 1000, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw BrokerException.absent(bootstrapServers, e);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw BrokerException.absent(bootstrapServers, cause);
      }
      throw new BrokerException(
          "the broker at " + bootstrapServers + " refuses: " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("interrupted", e);
    }
  }
}
