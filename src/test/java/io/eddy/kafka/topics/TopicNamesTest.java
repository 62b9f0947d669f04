package io.eddy.kafka.topics;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {
  @Test
  void refusesToWriteIntoTheEvents() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicNames("a", "a", "c", "d", "e", "f"))
        .withMessage("topic a: two of the topics have this name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "with space", "ümlaut", "a/b"})
  void refusesNamesThatKafkaRefuses(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicNames(name, "b", "c", "d", "e", "f"))
        .withMessageStartingWith("topic '" + name + "': expected");
  }

  @Test
  void refusesNamesThatAreTooLong() {
    String name = "a".repeat(250);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicNames(name, "b", "c", "d", "e", "f"));
  }
}
