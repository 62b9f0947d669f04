package io.eddy.kafka.topics;

import io.eddy.kafka.topics.TopicCheck.ExistingTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates and checks topics. Requests time out after about ten seconds. */
public final class TopicAdmin implements AutoCloseable {
  private static final Duration TIMEOUT = BrokerAdmin.TIMEOUT;
  private static final String DESCRIBE = "Describe";
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private final BrokerAdmin broker;
  private final Admin admin;
  private final String bootstrapServers;

  /**
   * Connects to a broker.
   *
   * @param client Kafka client settings, including {@code bootstrap.servers}
   * @throws BrokerException if the settings are invalid
   */
  public TopicAdmin(Map<String, Object> client) {
    broker = new BrokerAdmin(client);
    admin = broker.client();
    bootstrapServers = broker.bootstrapServers();
  }

  @Override
  public void close() {
    broker.close();
  }

  /** Creates missing topics with {@link TopicLayout#of(int)}. */
  public List<TopicDefinition> create(TopicNames names, int partitions) {
    return create(names, TopicLayout.of(partitions));
  }

  /**
   * Creates missing topics and waits until they can be written and read. Leaves existing topics
   * unchanged. Safe to call from several processes at once.
   *
   * @return the created topics
   * @throws BrokerException if no broker answers or it rejects the request
   */
  public List<TopicDefinition> create(TopicNames names, TopicLayout layout) {
    Map<String, ExistingTopic> present = describe(names.all());
    ExistingTopic source = present.getOrDefault(names.source(), present.get(names.events()));
    List<TopicDefinition> missing =
        TopicDefinitions.definitions(
                names,
                source == null ? layout.partitions() : source.partitions(),
                layout
                    .retention()
                    .map(Duration::toMillis)
                    .orElse(TopicDefinitions.UNLIMITED_RETENTION))
            .stream()
            .filter(definition -> !present.containsKey(definition.name()))
            .toList();
    List<TopicDefinition> created = create(missing, layout);
    List<String> expected = missing.stream().map(TopicDefinition::name).toList();
    awaitPresence(expected);
    awaitLeaders(expected);
    return created;
  }

  /**
   * Returns the differences between the topics and their definitions.
   *
   * @throws BrokerException if no broker answers
   */
  public List<TopicProblem> check(TopicNames names) {
    return new TopicCheck(names, describe(names.all()), bootstrapServers).problems();
  }

  /**
   * Checks that a topic exists.
   *
   * @throws BrokerException if it does not, or no broker answers
   */
  public void require(String topic) {
    if (broker.topics(List.of(topic)).isEmpty()) {
      throw new BrokerException(
          TopicCheck.missing(topic).toString(), new UnknownTopicOrPartitionException(topic));
    }
  }

  /** Returns the existing topics among these names. */
  private Map<String, ExistingTopic> describe(List<String> names) {
    Map<String, TopicDescription> descriptions = broker.topics(names);
    Set<String> present = descriptions.keySet();
    Map<ConfigResource, Config> configs =
        await(
            admin
                .describeConfigs(
                    present.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList())
                .all(),
            "DescribeConfigs");
    Map<String, ExistingTopic> found = new HashMap<>();
    configs.forEach(
        (resource, config) ->
            found.put(
                resource.name(),
                new ExistingTopic(
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

  private List<TopicDefinition> create(List<TopicDefinition> missing, TopicLayout layout) {
    Map<String, KafkaFuture<Void>> results =
        admin
            .createTopics(missing.stream().map(definition -> topic(definition, layout)).toList())
            .values();
    List<TopicDefinition> created = new ArrayList<>();
    for (TopicDefinition definition : missing) {
      try {
        var unused =
            await(
                Objects.requireNonNull(results.get(definition.name())),
                "Create on topic " + definition.name());
        created.add(definition);
      } catch (BrokerException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
    return created;
  }

  private static NewTopic topic(TopicDefinition definition, TopicLayout layout) {
    Map<String, String> settings = new HashMap<>(definition.required());
    settings.putAll(definition.initial());
    return new NewTopic(
            definition.name(), definition.partitions(), (short) layout.replicationFactor())
        .configs(settings);
  }

  /** Waits until the broker lists topics that the controller has created. */
  private void awaitPresence(List<String> topics) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!broker.topics(topics).keySet().containsAll(topics)) {
      if (System.nanoTime() - deadline > 0) {
        throw new BrokerException(
            "the broker at %s created topics but does not list them".formatted(bootstrapServers),
            new TimeoutException());
      }
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
  }

  /**
   * Waits until every partition's leader answers. A newly elected leader rejects writes for a
   * moment; the admin client retries the request for offsets until the leader answers it.
   */
  private void awaitLeaders(List<String> topics) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    await(admin.describeTopics(topics).allTopicNames(), DESCRIBE)
        .forEach(
            (topic, description) ->
                description
                    .partitions()
                    .forEach(
                        partition ->
                            ends.put(
                                new TopicPartition(topic, partition.partition()),
                                OffsetSpec.latest())));
    var unused = await(admin.listOffsets(ends).all(), DESCRIBE);
  }

  private <T> T await(KafkaFuture<T> future, String operation) {
    return broker.await(future, operation);
  }
}
