package io.eddy.kafka.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.topics.TopicCheck.ExistingTopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicCheckTest {
  private static final TopicNames NAMES = TopicNames.DEFAULT;

  private final Map<String, ExistingTopic> existing = asDefined(4);

  @Test
  void acceptsTopicsAsDefined() {
    assertThat(problems()).isEmpty();
  }

  @Test
  void reportsMissingTopics() {
    existing.clear();

    assertThat(problems()).extracting(TopicProblem::topic).containsExactlyElementsOf(NAMES.all());
    assertThat(problems().get(0))
        .hasToString("topic sensor-events is missing: run `eddy topics create`");
  }

  @Test
  void requiresAsManyForecastPartitionsAsEvents() {
    resize(NAMES.forecasts(), 3);

    assertThat(problems())
        .singleElement()
        .hasToString(
            "topic forecasts has 3 partitions, expected 4, as many as sensor-events, so that a"
                + " forecast is in the same partition as its event: run `eddy topics"
                + " alter`");
  }

  @Test
  void reportsThatPartitionsCannotBeRemoved() {
    resize(NAMES.models(), 2);

    assertThat(problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.topic()).isEqualTo("models");
              assertThat(problem.problem())
                  .isEqualTo(
                      "has 2 partitions, expected 1, because its records need a total order");
              assertThat(problem.remedy()).startsWith("partitions cannot be removed");
            });
  }

  @Test
  void acceptsAnyPartitionsOfScoresAndDeadLetters() {
    resize(NAMES.scores(), 7);
    resize(NAMES.deadLetters(), 7);

    assertThat(problems()).isEmpty();
  }

  @Test
  void skipsPartitionCheckWithoutEventsTopic() {
    existing.remove(NAMES.events());

    assertThat(problems()).extracting(TopicProblem::topic).containsExactly(NAMES.events());
  }

  @Test
  void requiresCompaction() {
    set(NAMES.activations(), "cleanup.policy", "delete");

    assertThat(problems())
        .singleElement()
        .hasToString(
            "topic activations has cleanup.policy=delete, expected compact: kafka-configs.sh"
                + " --bootstrap-server broker:9092 --alter --topic activations --add-config"
                + " cleanup.policy=compact");
  }

  @Test
  void rejectsCompactionWithDeletion() {
    set(NAMES.models(), "cleanup.policy", "compact,delete");

    assertThat(problems()).extracting(TopicProblem::topic).containsExactly(NAMES.models());
  }

  @Test
  void requiresRecordSizeOfModelParts() {
    set(
        NAMES.models(),
        "max.message.bytes",
        Integer.toString(TopicDefinitions.MAX_MODEL_PART_BYTES - 1));

    assertThat(problems())
        .singleElement()
        .extracting(TopicProblem::remedy)
        .asString()
        .endsWith("--add-config max.message.bytes=" + TopicDefinitions.MAX_MODEL_PART_BYTES);
  }

  @Test
  void requiresForecastsOfAnyTimestamp() {
    set(NAMES.forecasts(), "message.timestamp.after.max.ms", "3600000");

    assertThat(problems()).extracting(TopicProblem::topic).containsExactly(NAMES.forecasts());
  }

  @Test
  void acceptsAnyRetention() {
    set(NAMES.forecasts(), "retention.ms", "86400000");

    assertThat(problems()).isEmpty();
  }

  private List<TopicProblem> problems() {
    return new TopicCheck(NAMES, existing, "broker:9092").problems();
  }

  private void resize(String topic, int partitions) {
    existing.computeIfPresent(
        topic, (name, found) -> new ExistingTopic(partitions, found.settings()));
  }

  private void set(String topic, String key, String value) {
    existing.computeIfPresent(
        topic,
        (name, found) -> {
          Map<String, String> settings = new HashMap<>(found.settings());
          settings.put(key, value);
          return new ExistingTopic(found.partitions(), settings);
        });
  }

  private static Map<String, ExistingTopic> asDefined(int partitions) {
    Map<String, ExistingTopic> topics = new HashMap<>();
    for (TopicDefinition definition :
        TopicDefinitions.definitions(NAMES, partitions, TopicDefinitions.UNLIMITED_RETENTION)) {
      Map<String, String> settings = new HashMap<>();
      settings.put("max.message.bytes", "1048588");
      settings.putAll(definition.required());
      settings.putAll(definition.initial());
      topics.put(definition.name(), new ExistingTopic(definition.partitions(), settings));
    }
    return topics;
  }
}
