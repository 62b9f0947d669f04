package io.eddy.kafka.topics;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {
  @Test
  void rejectsEqualNames() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicNames("a", "a", "c", "d", "e", "f", "g"))
        .withMessage("topic a: expected distinct topic names");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "with space", "ümlaut", "a/b"})
  void rejectsIllegalNames(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicNames(name, "b", "c", "d", "e", "f", "g"))
        .withMessageStartingWith("topic '" + name + "': expected");
  }

  @Test
  void rejectsLongNames() {
    String name = "a".repeat(250);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicNames(name, "b", "c", "d", "e", "f", "g"));
  }
}
