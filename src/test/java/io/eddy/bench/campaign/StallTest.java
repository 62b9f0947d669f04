package io.eddy.bench.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StallTest {
  private final Stall stall = new Stall(Duration.ofSeconds(60));

  @Test
  void slowProgressIsNoStall() {
    for (int minute = 0; minute < 100; minute++) {
      assertThat(stall.record(100 - minute, TimeUnit.MINUTES.toNanos(minute))).isFalse();
    }
  }

  @Test
  void constantCountStallsAfterPatience() {
    assertThat(stall.record(7, 0)).isFalse();
    assertThat(stall.record(7, TimeUnit.SECONDS.toNanos(60))).isFalse();
    assertThat(stall.record(7, TimeUnit.SECONDS.toNanos(61))).isTrue();
  }

  @Test
  void returnToEarlierCountIsNoProgress() {
    assertThat(stall.record(5, 0)).isFalse();
    assertThat(stall.record(9, TimeUnit.SECONDS.toNanos(40))).isFalse();
    assertThat(stall.record(5, TimeUnit.SECONDS.toNanos(61))).isTrue();
  }
}
