package io.eddy.kafka.topics;

import io.eddy.kafka.topics.TopicDefinition.Partitioning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;

/** Compares the topics that are there with their definitions. */
final class TopicCheck {
  private final TopicNames names;
  private final Map<String, Found> present;
  private final String bootstrapServers;
  private final List<TopicProblem> problems = new ArrayList<>();

  /** A topic as the broker has it. */
  record Found(int partitions, Map<String, String> settings) {
    String setting(String key) {
      return settings.getOrDefault(key, "");
    }
  }

  /**
   * A check.
   *
   * @param present by name
   * @param bootstrapServers to name in the remedies
   */
  TopicCheck(TopicNames names, Map<String, Found> present, String bootstrapServers) {
    this.names = names;
    this.present = present;
    this.bootstrapServers = bootstrapServers;
  }

  /** What is wrong, in the order of the definitions. */
  List<TopicProblem> problems() {
    Found events = present.get(names.source());
    int partitions = events == null ? 1 : events.partitions();
    for (TopicDefinition wanted :
        TopicDefinitions.definitions(names, partitions, TopicDefinitions.KEPT)) {
      Found found = present.get(wanted.name());
      if (found == null) {
        problems.add(missing(wanted.name()));
        continue;
      }
      boolean isComparable = wanted.partitioning() != Partitioning.AS_EVENTS || events != null;
      if (isComparable) {
        checkPartitions(wanted, found);
      }
      checkSettings(wanted, found);
    }
    Optional.ofNullable(present.get(names.models())).ifPresent(this::checkMessageSize);
    return problems;
  }

  static TopicProblem missing(String topic) {
    return new TopicProblem(topic, "is missing", "run `eddy topics create`");
  }

  private void checkPartitions(TopicDefinition wanted, Found found) {
    int has = found.partitions();
    int needs = wanted.partitions();
    if (wanted.partitioning() == Partitioning.FREE || has == needs) {
      return;
    }
    String reason =
        wanted.partitioning() == Partitioning.SINGLE
            ? "its records need one order"
            : "as many as " + names.source() + ", so that a forecast lies where its event does";
    String remedy =
        has < needs
            ? "kafka-topics.sh --bootstrap-server %s --alter --topic %s --partitions %d"
                .formatted(bootstrapServers, wanted.name(), needs)
            : "partitions cannot be taken away; name another topic, or delete this one, and run"
                + " `eddy topics create`";
    problems.add(
        new TopicProblem(
            wanted.name(),
            "has %d partitions and needs %d, %s".formatted(has, needs, reason),
            remedy));
  }

  private void checkSettings(TopicDefinition wanted, Found found) {
    wanted
        .required()
        .forEach(
            (key, value) -> {
              if (!found.setting(key).equals(value)) {
                problems.add(
                    new TopicProblem(
                        wanted.name(),
                        "has %s=%s and needs %s".formatted(key, found.setting(key), value),
                        alter(wanted.name(), key, value)));
              }
            });
  }

  private void checkMessageSize(Found models) {
    String limit = models.setting(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    if (Long.parseLong(limit) < TopicDefinitions.LARGEST_MESSAGE) {
      problems.add(
          new TopicProblem(
              names.models(),
              "takes %s bytes in a message, and parts of a model have up to %d"
                  .formatted(limit, TopicDefinitions.LARGEST_MESSAGE),
              alter(
                  names.models(),
                  TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                  Integer.toString(TopicDefinitions.LARGEST_MESSAGE))));
    }
  }

  private String alter(String topic, String key, String value) {
    return "kafka-configs.sh --bootstrap-server %s --alter --topic %s --add-config %s=%s"
        .formatted(bootstrapServers, topic, key, value);
  }
}
