package io.eddy.kafka.topics;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicLayoutTest {
  @Test
  void rejectsZeroPartitions() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TopicLayout.of(0))
        .withMessage("partitions: expected at least 1, got 0");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -2, 32768})
  void rejectsInvalidReplicationFactor(int factor) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicLayout(1, factor, Optional.empty()))
        .withMessageStartingWith("replication factor: expected");
  }

  @Test
  void rejectsZeroRetention() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicLayout(1, 1, Optional.of(Duration.ZERO)))
        .withMessageStartingWith("retention: expected more than zero");
  }
}
