package io.eddy.kafka.topics;

import io.eddy.kafka.topics.TopicCheck.Found;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics and checks their settings. Waits for a broker some ten seconds at most. */
public final class TopicAdmin implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_PERIOD = Duration.ofMillis(20);

  private final Admin admin;
  private final String bootstrapServers;

  /**
   * Connects.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @throws BrokerException where no host of that name is known
   */
  public TopicAdmin(Map<String, Object> client) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis() / 2);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    settings.putIfAbsent(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 500);
    settings.putIfAbsent(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2000);
    bootstrapServers = String.valueOf(client.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
    try {
      admin = Admin.create(settings);
    } catch (KafkaException e) {
      throw e.getCause() instanceof ConfigException
          ? BrokerException.unreachable(bootstrapServers, e)
          : e;
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }

  /**
   * As {@link #create(TopicNames, TopicLayout)}, with so many partitions and all else as in {@link
   * TopicLayout#of}.
   */
  public List<TopicDefinition> create(TopicNames names, int partitions) {
    return create(names, TopicLayout.of(partitions));
  }

  /**
   * Creates the topics that are missing and leaves the others alone; they can be written and read
   * when it returns. Another one may do the same at the same time.
   *
   * @return the topics made
   * @throws BrokerException where no broker answers or it refuses
   */
  public List<TopicDefinition> create(TopicNames names, TopicLayout layout) {
    Map<String, Found> present = describe(names.all());
    Found source = present.getOrDefault(names.source(), present.get(names.events()));
    List<TopicDefinition> missing =
        TopicDefinitions.definitions(
                names,
                source == null ? layout.partitions() : source.partitions(),
                layout.retention().map(Duration::toMillis).orElse(TopicDefinitions.KEPT))
            .stream()
            .filter(definition -> !present.containsKey(definition.name()))
            .toList();
    List<TopicDefinition> made = make(missing, layout);
    List<String> expected = missing.stream().map(TopicDefinition::name).toList();
    awaitPresence(expected);
    awaitLeaders(expected);
    return made;
  }

  /**
   * What is wrong with the topics, each with what to do about it; empty where nothing is.
   *
   * @throws BrokerException where no broker answers
   */
  public List<TopicProblem> check(TopicNames names) {
    return new TopicCheck(names, describe(names.all()), bootstrapServers).problems();
  }

  /**
   * Makes sure that a topic is there.
   *
   * @throws BrokerException where it is not, or no broker answers
   */
  public void require(String topic) {
    if (!await(admin.listTopics().names()).contains(topic)) {
      throw new BrokerException(
          TopicCheck.missing(topic).toString(), new UnknownTopicOrPartitionException(topic));
    }
  }

  /** The topics of these names that are there. */
  private Map<String, Found> describe(List<String> names) {
    Set<String> present = new HashSet<>(await(admin.listTopics().names()));
    present.retainAll(names);
    Map<String, TopicDescription> descriptions =
        await(admin.describeTopics(present).allTopicNames());
    Map<ConfigResource, Config> configs =
        await(
            admin
                .describeConfigs(
                    present.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList())
                .all());
    Map<String, Found> found = new HashMap<>();
    configs.forEach(
        (resource, config) ->
            found.put(
                resource.name(),
                new Found(
                    Objects.requireNonNull(descriptions.get(resource.name())).partitions().size(),
                    settings(config))));
    return found;
  }

  private static Map<String, String> settings(Config config) {
    Map<String, String> settings = new HashMap<>();
    for (ConfigEntry entry : config.entries()) {
      settings.put(entry.name(), Objects.requireNonNullElse(entry.value(), ""));
    }
    return settings;
  }

  private List<TopicDefinition> make(List<TopicDefinition> missing, TopicLayout layout) {
    Map<String, KafkaFuture<Void>> answers =
        admin
            .createTopics(missing.stream().map(definition -> topic(definition, layout)).toList())
            .values();
    List<TopicDefinition> made = new ArrayList<>();
    for (TopicDefinition definition : missing) {
      try {
        await(Objects.requireNonNull(answers.get(definition.name())));
        made.add(definition);
      } catch (BrokerException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
    return made;
  }

  private static NewTopic topic(TopicDefinition definition, TopicLayout layout) {
    Map<String, String> settings = new HashMap<>(definition.required());
    settings.putAll(definition.chosen());
    return new NewTopic(
            definition.name(), definition.partitions(), (short) layout.replicationFactor())
        .configs(settings);
  }

  /** A topic is made once the controller says so; the brokers learn of it a moment later. */
  private void awaitPresence(List<String> topics) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!await(admin.listTopics().names()).containsAll(topics)) {
      if (System.nanoTime() - deadline > 0) {
        throw new BrokerException(
            "the broker at %s made topics and does not show them".formatted(bootstrapServers),
            new TimeoutException());
      }
      LockSupport.parkNanos(LOOK_PERIOD.toNanos());
    }
  }

  /**
   * A leader that is named may not lead yet, and turns writers away until it does. The offsets are
   * the leader's own answer: the client asks until each of them gives it.
   */
  private void awaitLeaders(List<String> topics) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    await(admin.describeTopics(topics).allTopicNames())
        .forEach(
            (topic, description) ->
                description
                    .partitions()
                    .forEach(
                        partition ->
                            ends.put(
                                new TopicPartition(topic, partition.partition()),
                                OffsetSpec.latest())));
    await(admin.listOffsets(ends).all());
  }

  private <T> T await(KafkaFuture<T> future) {
    try {
      return future.get(PATIENCE.toMillis() + 1000, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw BrokerException.unreachable(bootstrapServers, e);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw BrokerException.unreachable(bootstrapServers, cause);
      }
      throw new BrokerException(
          "the broker at " + bootstrapServers + " refuses: " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("interrupted", e);
    }
  }
}
