package io.eddy.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.TimestampGuard.Decision;
import io.eddy.admission.TimestampGuard.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimestampGuardTest {
  private static final TimestampGuard GUARD = new TimestampGuard(100);

  private @Nullable TimestampGuardState state;
  private long newestMs = TimestampGuardState.NONE;

  /** Checks the next observation and applies the decision. */
  private Kind next(long timeMs) {
    Decision decision = GUARD.check(state, newestMs, timeMs);
    state = decision.state() == null ? state : decision.state();
    newestMs =
        switch (decision.kind()) {
          case REJECTED -> newestMs;
          case RESET -> timeMs;
          default -> Math.max(newestMs, timeMs);
        };
    return decision.kind();
  }

  @Test
  void acceptsFirstObservation() {
    assertThat(next(5_000)).isEqualTo(Kind.STARTED);
  }

  @Test
  void rejectsMoreThanMaxAhead() {
    next(1_000);

    assertThat(next(1_100)).isEqualTo(Kind.ACCEPTED);
    assertThat(next(1_201)).isEqualTo(Kind.REJECTED);
  }

  @Test
  void singleJumpHasNoEffect() {
    next(1_000);

    assertThat(next(9_000)).isEqualTo(Kind.REJECTED);
    assertThat(next(1_010)).isEqualTo(Kind.ACCEPTED);
    assertThat(next(9_010)).isEqualTo(Kind.REJECTED);
    assertThat(next(1_020)).isEqualTo(Kind.ACCEPTED);
  }

  @Test
  void acceptsSecondNearRejectedOne() {
    next(1_000);

    assertThat(next(9_000)).isEqualTo(Kind.REJECTED);
    assertThat(next(9_100)).isEqualTo(Kind.JUMPED);
    assertThat(next(9_110)).isEqualTo(Kind.ACCEPTED);
  }

  @Test
  void rejectsErraticTimestamps() {
    next(1_000);

    for (int i = 1; i < 10; i++) {
      assertThat(next(1_000 + i * 201)).isEqualTo(Kind.REJECTED);
    }
  }

  @Test
  void lateObservationKeepsRejection() {
    next(1_000);
    next(9_000);

    assertThat(next(950)).isEqualTo(Kind.ACCEPTED);
    assertThat(next(9_000)).isEqualTo(Kind.JUMPED);
  }

  @Test
  void resetsAtSecondObservationBack() {
    next(1_000);
    next(9_000);
    next(9_001);

    assertThat(next(1_010)).isEqualTo(Kind.REJECTED);
    assertThat(next(1_020)).isEqualTo(Kind.RESET);
    assertThat(next(1_030)).isEqualTo(Kind.ACCEPTED);
  }

  @Test
  void timeBeforeJumpIsLate() {
    next(1_000);
    next(9_000);
    next(9_001);

    assertThat(next(1_000)).isEqualTo(Kind.ACCEPTED);
    assertThat(next(500)).isEqualTo(Kind.ACCEPTED);
  }

  @Test
  void timeAfterJumpIsLate() {
    next(1_000);
    next(9_000);
    for (int time = 9_000; time < 10_000; time += 50) {
      next(time);
    }

    assertThat(next(9_000)).isEqualTo(Kind.ACCEPTED);
    assertThat(next(8_950)).isEqualTo(Kind.ACCEPTED);
  }

  @Test
  void resetsSeriesThatStartedAhead() {
    next(9_000);
    next(9_010);

    assertThat(next(1_000)).isEqualTo(Kind.REJECTED);
    assertThat(next(1_001)).isEqualTo(Kind.RESET);
    assertThat(next(1_002)).isEqualTo(Kind.ACCEPTED);
    assertThat(next(9_020)).isEqualTo(Kind.REJECTED);
  }

  @Test
  void doesNotResetSeriesOlderThanGuard() {
    newestMs = 9_000;

    assertThat(next(1_000)).isEqualTo(Kind.ACCEPTED);
    assertThat(next(1_001)).isEqualTo(Kind.ACCEPTED);
    assertThat(next(20_000)).isEqualTo(Kind.REJECTED);
    assertThat(next(1_002)).isEqualTo(Kind.ACCEPTED);
  }

  @Test
  void disabledGuardAcceptsEverything() {
    assertThat(TimestampGuard.OFF.check(null, 5, Long.MAX_VALUE)).isEqualTo(Decision.ACCEPTED);
    assertThat(TimestampGuard.OFF.check(null, TimestampGuardState.NONE, 5))
        .isEqualTo(Decision.ACCEPTED);
    assertThat(TimestampGuard.OFF.needsState(0, Long.MAX_VALUE)).isFalse();
    assertThat(TimestampGuard.of(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(TimestampGuard.OFF);
  }

  @Test
  void rejectsZeroMaximum() {
    assertThatThrownBy(() -> TimestampGuard.of(Duration.ZERO))
        .hasMessage("max-ahead: expected more than zero, got PT0S");
  }
}
