package io.eddy.kafka.topics;

import io.eddy.kafka.topics.TopicDefinition.Partitioning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;

/** Compares existing topics with their definitions. */
final class TopicCheck {
  private final TopicNames names;
  private final Map<String, ExistingTopic> existing;
  private final String bootstrapServers;
  private final List<TopicProblem> problems = new ArrayList<>();

  /** An existing topic. */
  record ExistingTopic(int partitions, Map<String, String> settings) {
    String setting(String key) {
      return settings.getOrDefault(key, "");
    }
  }

  /**
   * Creates a check.
   *
   * @param existing topics by name
   * @param bootstrapServers used in the remedies
   */
  TopicCheck(TopicNames names, Map<String, ExistingTopic> existing, String bootstrapServers) {
    this.names = names;
    this.existing = existing;
    this.bootstrapServers = bootstrapServers;
  }

  /** Returns the problems, in the order of the definitions. */
  List<TopicProblem> problems() {
    ExistingTopic events = existing.get(names.source());
    int partitions = events == null ? 1 : events.partitions();
    for (TopicDefinition definition :
        TopicDefinitions.definitions(names, partitions, TopicDefinitions.UNLIMITED_RETENTION)) {
      ExistingTopic topic = existing.get(definition.name());
      if (topic == null) {
        problems.add(missing(definition.name()));
        continue;
      }
      boolean isComparable = definition.partitioning() != Partitioning.AS_EVENTS || events != null;
      if (isComparable) {
        checkPartitions(definition, topic);
      }
      checkSettings(definition, topic);
    }
    Optional.ofNullable(existing.get(names.models())).ifPresent(this::checkMessageSize);
    return problems;
  }

  static TopicProblem missing(String topic) {
    return new TopicProblem(topic, "is missing", "run `eddy topics create`");
  }

  private void checkPartitions(TopicDefinition definition, ExistingTopic topic) {
    int actual = topic.partitions();
    int expected = definition.partitions();
    if (definition.partitioning() == Partitioning.FREE || actual == expected) {
      return;
    }
    String reason =
        definition.partitioning() == Partitioning.SINGLE
            ? "because its records need a total order"
            : "as many as "
                + names.source()
                + ", so that a forecast is in the same partition as its event";
    String remedy =
        actual < expected
            ? "run `eddy topics alter`"
            : "partitions cannot be removed; configure another topic, or delete this one, and run"
                + " `eddy topics create`";
    problems.add(
        new TopicProblem(
            definition.name(),
            "has %d partitions, expected %d, %s".formatted(actual, expected, reason),
            remedy));
  }

  private void checkSettings(TopicDefinition definition, ExistingTopic topic) {
    definition
        .required()
        .forEach(
            (key, value) -> {
              if (!topic.setting(key).equals(value)) {
                problems.add(
                    new TopicProblem(
                        definition.name(),
                        "has %s=%s, expected %s".formatted(key, topic.setting(key), value),
                        alter(definition.name(), key, value)));
              }
            });
  }

  private void checkMessageSize(ExistingTopic models) {
    String limit = models.setting(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    if (Long.parseLong(limit) < TopicDefinitions.MAX_MODEL_PART_BYTES) {
      problems.add(
          new TopicProblem(
              names.models(),
              "accepts records of %s bytes, expected %d for the parts of a model"
                  .formatted(limit, TopicDefinitions.MAX_MODEL_PART_BYTES),
              alter(
                  names.models(),
                  TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                  Integer.toString(TopicDefinitions.MAX_MODEL_PART_BYTES))));
    }
  }

  private String alter(String topic, String key, String value) {
    return "kafka-configs.sh --bootstrap-server %s --alter --topic %s --add-config %s=%s"
        .formatted(bootstrapServers, topic, key, value);
  }
}
