package io.eddy.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
  private static final long MS = 1_000_000;

  @Test
  void percentileIsSmallestTimeThatCoversShare() {
    long[] times = LongStream.rangeClosed(1, 1000).map(i -> (1001 - i) * MS).toArray();

    assertThat(Latencies.of(times, 0)).isEqualTo(new Latencies(500, 990, 999, 1000));
  }

  @Test
  void skipsFirstResults() {
    long[] times = {900 * MS, 800 * MS, 2 * MS, 1 * MS, 3 * MS};

    assertThat(Latencies.of(times, 2)).isEqualTo(new Latencies(2, 3, 3, 3));
  }

  @Test
  void leavesTimesUnsorted() {
    long[] times = {3, 1, 2};

    var unused = Latencies.of(times, 0);

    assertThat(times).containsExactly(3, 1, 2);
  }

  @Test
  void rejectsSkippingEverything() {
    assertThatThrownBy(() -> Latencies.of(new long[2], 2))
        .hasMessage("skipped: expected less than 2, got 2");
  }
}
