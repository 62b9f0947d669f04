package io.eddy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Spans of ten milliseconds, and at most three series. */
class ActiveSeriesCounterTest {
  private static final int SPAN = 10;
  private static final int TIME_TO_LIVE = SPAN * ActiveSeriesCounter.SPANS;

  private ActiveSeriesCounter counter = new ActiveSeriesCounter(3, TIME_TO_LIVE);
  private final Map<String, Long> lastSpans = new HashMap<>();

  /** Applies an observation; returns false if its series is rejected. */
  private boolean apply(String series, long timeMs) {
    if (isExpired(series)) {
      counter.countDeletion(lastSpans.remove(series));
    }
    if (!lastSpans.containsKey(series) && counter.isFull()) {
      return false;
    }
    lastSpans.put(
        series,
        counter.countEvent(
            series, timeMs, lastSpans.getOrDefault(series, ActiveSeriesCounter.NEW)));
    return true;
  }

  private boolean isExpired(String series) {
    return counter.isExpired(lastSpans.getOrDefault(series, ActiveSeriesCounter.NEW));
  }

  @Test
  void limitsTheNumberOfSeries() {
    assertThat(apply("a", 0)).isTrue();
    assertThat(apply("b", 0)).isTrue();
    assertThat(apply("c", 0)).isTrue();
    assertThat(apply("d", 0)).isFalse();
    assertThat(apply("a", 1)).isTrue();
    assertThat(counter.total()).isEqualTo(3);

    counter.countDeletion(lastSpans.remove("b"));
    assertThat(apply("d", 2)).isTrue();
    assertThat(counter.total()).isEqualTo(3);
  }

  @Test
  void seriesExpiresAfterTimeToLive() {
    apply("a", 0);
    for (int time = 0; time < TIME_TO_LIVE + SPAN; time++) {
      apply("b", time);
      assertThat(isExpired("a")).as("at %d", time).isFalse();
    }
    apply("b", TIME_TO_LIVE + SPAN);

    assertThat(isExpired("a")).isTrue();
    assertThat(isExpired("b")).isFalse();
    assertThat(counter.total()).isEqualTo(1);
  }

  @Test
  void expiredSeriesStaysExpired() {
    apply("a", 0);
    for (int time = 0; time <= TIME_TO_LIVE + SPAN; time += SPAN) {
      apply("b", time);
    }
    apply("b", 0);

    assertThat(isExpired("a")).isTrue();
  }

  @Test
  void singleSeriesAheadExpiresNoOther() {
    apply("a", 0);
    apply("b", 0);
    for (int i = 0; i < 50; i++) {
      apply("ahead", 1_000_000 + i);
      apply("ahead", 1_000_000 + i);
      apply("b", i);
    }

    assertThat(isExpired("a")).isFalse();
    assertThat(counter.now()).isEqualTo(4);
  }

  @Test
  void timeJumpsWhenTwoSeriesAgree() {
    apply("a", 0);
    apply("b", 0);
    apply("c", 0);
    apply("a", 100 * TIME_TO_LIVE);
    assertThat(isExpired("c")).isFalse();
    apply("b", 100 * TIME_TO_LIVE + SPAN);

    assertThat(isExpired("c")).isTrue();
  }

  @Test
  void nothingExpiresWithoutTimeToLive() {
    counter = new ActiveSeriesCounter(3, Long.MAX_VALUE);
    apply("a", 0);
    apply("b", 1L << 50);
    apply("b", 1L << 51);

    assertThat(isExpired("a")).isFalse();
    assertThat(counter.total()).isEqualTo(2);
  }

  /** Compares with a count of all series with an event within the time to live. */
  @Test
  void countIsExactAfterRestoring() {
    SplittableRandom random = new SplittableRandom(3);
    counter = new ActiveSeriesCounter(40, TIME_TO_LIVE);
    long time = 0;
    for (int i = 0; i < 20_000; i++) {
      time += random.nextInt(random.nextInt(100) == 0 ? 400 : 4);
      String series = "series-" + random.nextInt(random.nextInt(5) == 0 ? 1000 : 30);
      if (random.nextInt(50) == 0 && lastSpans.containsKey(series)) {
        counter.countDeletion(lastSpans.remove(series));
      } else {
        apply(series, Math.max(0, time - random.nextInt(50)));
      }
      if (random.nextInt(20) == 0) {
        ActiveSeriesCounter restored = new ActiveSeriesCounter(40, TIME_TO_LIVE);
        assertThat(restored.restore(counter.snapshot())).isTrue();
        counter = restored;
      }
      long now = counter.now();
      long expected =
          lastSpans.values().stream()
              .filter(span -> now - span <= ActiveSeriesCounter.SPANS)
              .count();
      assertThat(counter.total()).isEqualTo(expected).isLessThanOrEqualTo(40);
    }
    apply("series-0", time);
    ActiveSeriesCounter found = new ActiveSeriesCounter(40, TIME_TO_LIVE);
    lastSpans.values().forEach(found::countStored);
    assertThat(found.total()).isEqualTo(counter.total());
    assertThat(found.now()).isEqualTo(counter.now());
  }

  @Test
  void countsSeriesWithoutRecordedEvent() {
    counter.countStored(ActiveSeriesCounter.UNRECORDED);
    counter.countStored(ActiveSeriesCounter.UNRECORDED);
    assertThat(counter.total()).isEqualTo(2);
    assertThat(counter.recordPresent()).isEqualTo(ActiveSeriesCounter.UNRECORDED);

    counter.countEvent("a", 100, ActiveSeriesCounter.UNRECORDED);
    assertThat(counter.recordPresent()).isEqualTo(10);
    assertThat(counter.total()).isEqualTo(2);
    assertThat(counter.isExpired(ActiveSeriesCounter.UNRECORDED)).isFalse();
  }

  @Test
  void refusesSnapshotOfAnotherTimeToLive() {
    assertThat(counter.restore(new ActiveSeriesCounter(3, 2 * TIME_TO_LIVE).snapshot())).isFalse();
  }
}
