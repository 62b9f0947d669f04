package io.eddy.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.TimestampGuard.Judgement;
import io.eddy.admission.TimestampGuard.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimestampGuardTest {
  private static final TimestampGuard RULE = new TimestampGuard(100);

  private @Nullable TimestampGuardState mark;
  private long newestMs = TimestampGuardState.NONE;

  /** What comes of an observation of the one series, which then has happened. */
  private Kind next(long timeMs) {
    Judgement judged = RULE.judge(mark, newestMs, timeMs);
    mark = judged.mark() == null ? mark : judged.mark();
    newestMs =
        switch (judged.kind()) {
          case DOUBTED -> newestMs;
          case RETURNS -> timeMs;
          default -> Math.max(newestMs, timeMs);
        };
    return judged.kind();
  }

  @Test
  void theFirstObservationIsBelieved() {
    assertThat(next(5_000)).isEqualTo(Kind.BEGINS);
  }

  @Test
  void asFarAheadAsIsAllowedGoesOnAndOneMoreIsDoubted() {
    next(1_000);

    assertThat(next(1_100)).isEqualTo(Kind.GOES_ON);
    assertThat(next(1_201)).isEqualTo(Kind.DOUBTED);
  }

  @Test
  void oneThatIsAheadAloneChangesNothing() {
    next(1_000);

    assertThat(next(9_000)).isEqualTo(Kind.DOUBTED);
    assertThat(next(1_010)).isEqualTo(Kind.GOES_ON);
    assertThat(next(9_010)).isEqualTo(Kind.DOUBTED);
    assertThat(next(1_020)).isEqualTo(Kind.GOES_ON);
  }

  @Test
  void theSecondInARowNearItIsBelieved() {
    next(1_000);

    assertThat(next(9_000)).isEqualTo(Kind.DOUBTED);
    assertThat(next(9_100)).isEqualTo(Kind.LEAPS);
    assertThat(next(9_110)).isEqualTo(Kind.GOES_ON);
  }

  @Test
  void clockThatJumpsAboutIsNotBelieved() {
    next(1_000);

    for (int i = 1; i < 10; i++) {
      assertThat(next(1_000 + i * 201)).isEqualTo(Kind.DOUBTED);
    }
  }

  @Test
  void lateOneBetweenDoesNotEndADoubt() {
    next(1_000);
    next(9_000);

    assertThat(next(950)).isEqualTo(Kind.GOES_ON);
    assertThat(next(9_000)).isEqualTo(Kind.LEAPS);
  }

  @Test
  void clockThatComesBackIsBelievedAtItsSecondObservation() {
    next(1_000);
    next(9_000);
    next(9_001);

    assertThat(next(1_010)).isEqualTo(Kind.DOUBTED);
    assertThat(next(1_020)).isEqualTo(Kind.RETURNS);
    assertThat(next(1_030)).isEqualTo(Kind.GOES_ON);
  }

  @Test
  void whatLiesBeforeTheLeapIsLate() {
    next(1_000);
    next(9_000);
    next(9_001);

    assertThat(next(1_000)).isEqualTo(Kind.GOES_ON);
    assertThat(next(500)).isEqualTo(Kind.GOES_ON);
  }

  @Test
  void whatLiesBehindTheLeapIsLateHoweverFarBehindItIs() {
    next(1_000);
    next(9_000);
    for (int time = 9_000; time < 10_000; time += 50) {
      next(time);
    }

    assertThat(next(9_000)).isEqualTo(Kind.GOES_ON);
    assertThat(next(8_950)).isEqualTo(Kind.GOES_ON);
  }

  @Test
  void seriesThatBeganAheadComesBack() {
    next(9_000);
    next(9_010);

    assertThat(next(1_000)).isEqualTo(Kind.DOUBTED);
    assertThat(next(1_001)).isEqualTo(Kind.RETURNS);
    assertThat(next(1_002)).isEqualTo(Kind.GOES_ON);
    assertThat(next(9_020)).isEqualTo(Kind.DOUBTED);
  }

  @Test
  void ofASeriesThatWasThereBeforeNothingIsTakenForAReturn() {
    newestMs = 9_000;

    assertThat(next(1_000)).isEqualTo(Kind.GOES_ON);
    assertThat(next(1_001)).isEqualTo(Kind.GOES_ON);
    assertThat(next(20_000)).isEqualTo(Kind.DOUBTED);
    assertThat(next(1_002)).isEqualTo(Kind.GOES_ON);
  }

  @Test
  void withoutALimitEveryClockIsBelieved() {
    assertThat(TimestampGuard.OFF.judge(null, 5, Long.MAX_VALUE)).isEqualTo(Judgement.GOES_ON);
    assertThat(TimestampGuard.OFF.judge(null, TimestampGuardState.NONE, 5))
        .isEqualTo(Judgement.GOES_ON);
    assertThat(TimestampGuard.OFF.isFar(0, Long.MAX_VALUE)).isFalse();
    assertThat(TimestampGuard.of(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(TimestampGuard.OFF);
  }

  @Test
  void aLimitOfNothingIsNone() {
    assertThatThrownBy(() -> TimestampGuard.of(Duration.ZERO))
        .hasMessage("max-ahead: expected more than zero, got PT0S");
  }
}
