package io.eddy.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OverloadResultTest {
  private static final OverloadResult.Outcome GOOD = new OverloadResult.Outcome(100, 90, 10, 0, 0);

  private static OverloadResult result(
      int growthPercent, long reportedLag, OverloadResult.Outcome outcome) {
    List<MemorySample> samples = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      samples.add(new MemorySample(1000 + 10L * growthPercent * i / 29, 1, 1, reportedLag, 1));
    }
    return new OverloadResult(10, new OverloadResult.Input(30, 10, 10_000, 2), samples, 1, outcome);
  }

  @Test
  void acceptsFlatMemory() {
    assertThat(result(5, 4000, GOOD).problems()).isEmpty();
  }

  @Test
  void reportsGrowingMemory() {
    assertThat(result(30, 4000, GOOD).problems())
        .containsExactly("resident memory grew by more than 10 % from the first to the last third");
  }

  @Test
  void reportsMissingLag() {
    assertThat(result(0, 50, GOOD).problems())
        .containsExactly("the metrics reported at most 50 waiting events of 10,000");
  }

  @Test
  void reportsLostEventsAndDifferences() {
    assertThat(result(0, 4000, new OverloadResult.Outcome(100, 90, 9, 1, 1)).problems())
        .containsExactly(
            "1 events have no forecast or dead letter",
            "serve ended with exit code 1",
            "verify ended with exit code 1");
  }
}
