package io.eddy.kafka.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.topics.TopicCheck.Found;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicCheckTest {
  private static final TopicNames NAMES = TopicNames.DEFAULT;

  private final Map<String, Found> present = asDefined(4);

  @Test
  void findsNothingWrongWithTopicsAsDefined() {
    assertThat(problems()).isEmpty();
  }

  @Test
  void namesEveryMissingTopic() {
    present.clear();

    assertThat(problems()).extracting(TopicProblem::topic).containsExactlyElementsOf(NAMES.all());
    assertThat(problems().get(0))
        .hasToString("topic sensor-events is missing: run `eddy topics create`");
  }

  @Test
  void asksForForecastsInAsManyPartitionsAsEvents() {
    resize(NAMES.forecasts(), 3);

    assertThat(problems())
        .singleElement()
        .hasToString(
            "topic forecasts has 3 partitions and needs 4, as many as sensor-events, so that a"
                + " forecast lies where its event does: kafka-topics.sh --bootstrap-server"
                + " broker:9092 --alter --topic forecasts --partitions 4");
  }

  @Test
  void saysThatPartitionsCannotBeTakenAway() {
    resize(NAMES.models(), 2);

    assertThat(problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.topic()).isEqualTo("models");
              assertThat(problem.problem())
                  .isEqualTo("has 2 partitions and needs 1, its records need one order");
              assertThat(problem.remedy()).startsWith("partitions cannot be taken away");
            });
  }

  @Test
  void leavesPartitionsOfScoresAndDeadLettersToTheirOwner() {
    resize(NAMES.scores(), 7);
    resize(NAMES.deadLetters(), 7);

    assertThat(problems()).isEmpty();
  }

  @Test
  void comparesNoPartitionsWhileTheEventsAreMissing() {
    present.remove(NAMES.events());

    assertThat(problems()).extracting(TopicProblem::topic).containsExactly(NAMES.events());
  }

  @Test
  void asksForCompaction() {
    set(NAMES.activations(), "cleanup.policy", "delete");

    assertThat(problems())
        .singleElement()
        .hasToString(
            "topic activations has cleanup.policy=delete and needs compact: kafka-configs.sh"
                + " --bootstrap-server broker:9092 --alter --topic activations --add-config"
                + " cleanup.policy=compact");
  }

  @Test
  void asksForCompactionAlone() {
    set(NAMES.models(), "cleanup.policy", "compact,delete");

    assertThat(problems()).extracting(TopicProblem::topic).containsExactly(NAMES.models());
  }

  @Test
  void asksForRoomForTheLargestPartOfAModel() {
    set(
        NAMES.models(),
        "max.message.bytes",
        Integer.toString(TopicDefinitions.LARGEST_MESSAGE - 1));

    assertThat(problems())
        .singleElement()
        .extracting(TopicProblem::remedy)
        .asString()
        .endsWith("--add-config max.message.bytes=" + TopicDefinitions.LARGEST_MESSAGE);
  }

  @Test
  void asksThatForecastsOfAnyTimeAreTaken() {
    set(NAMES.forecasts(), "message.timestamp.after.max.ms", "3600000");

    assertThat(problems()).extracting(TopicProblem::topic).containsExactly(NAMES.forecasts());
  }

  @Test
  void leavesRetentionToTheOwner() {
    set(NAMES.forecasts(), "retention.ms", "86400000");

    assertThat(problems()).isEmpty();
  }

  private List<TopicProblem> problems() {
    return new TopicCheck(NAMES, present, "broker:9092").problems();
  }

  private void resize(String topic, int partitions) {
    present.computeIfPresent(topic, (name, found) -> new Found(partitions, found.settings()));
  }

  private void set(String topic, String key, String value) {
    present.computeIfPresent(
        topic,
        (name, found) -> {
          Map<String, String> settings = new HashMap<>(found.settings());
          settings.put(key, value);
          return new Found(found.partitions(), settings);
        });
  }

  private static Map<String, Found> asDefined(int partitions) {
    Map<String, Found> topics = new HashMap<>();
    for (TopicDefinition definition :
        TopicDefinitions.definitions(NAMES, partitions, TopicDefinitions.KEPT)) {
      Map<String, String> settings = new HashMap<>();
      settings.put("max.message.bytes", "1048588");
      settings.putAll(definition.required());
      settings.putAll(definition.chosen());
      topics.put(definition.name(), new Found(definition.partitions(), settings));
    }
    return topics;
  }
}
