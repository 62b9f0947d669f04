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
    return result(samples, 300, outcome);
  }

  private static OverloadResult result(
      List<MemorySample> samples, double seconds, OverloadResult.Outcome outcome) {
    OverloadResult.Input input = new OverloadResult.Input(30, seconds, 100_000, 2);
    return new OverloadResult(10, input, samples, 1, outcome);
  }

  @Test
  void acceptsFlatMemory() {
    assertThat(result(5, 40_000, GOOD).problems()).isEmpty();
  }

  @Test
  void reportsGrowingMemory() {
    assertThat(result(30, 40_000, GOOD).problems())
        .containsExactly("resident memory grew by more than 10 % from the first to the last third");
  }

  @Test
  void acceptsGrowthWhileCachesFill() {
    List<MemorySample> samples =
        List.of(
            new MemorySample(1, 1, 1, 40_000, 1),
            new MemorySample(2, 1, 1, 40_000, 1),
            new MemorySample(3, 1, 1, 40_000, 1));

    assertThat(result(samples, 299, GOOD).problems()).isEmpty();
  }

  @Test
  void reportsMissingLag() {
    assertThat(result(0, 50, GOOD).problems())
        .containsExactly("the metrics reported at most 50 waiting events of 100,000");
  }

  @Test
  void reportsLostEventsAndDifferences() {
    assertThat(result(0, 40_000, new OverloadResult.Outcome(100, 90, 9, 1, 1)).problems())
        .containsExactly(
            "1 events have no forecast or dead letter",
            "serve ended with exit code 1",
            "verify ended with exit code 1");
  }
}
