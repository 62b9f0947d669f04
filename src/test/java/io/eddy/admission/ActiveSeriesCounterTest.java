package io.eddy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Sixty-four spans of ten milliseconds, and places for three series. */
class ActiveSeriesCounterTest {
  private static final int SPAN = 10;
  private static final int TO_LIVE = SPAN * ActiveSeriesCounter.SPANS;

  private ActiveSeriesCounter census = new ActiveSeriesCounter(3, TO_LIVE);
  private final Map<String, Long> seen = new HashMap<>();

  /** Takes an observation as a stream does; false where its series has no place. */
  private boolean hear(String series, long timeMs) {
    if (isOver(series)) {
      census.gone(seen.remove(series));
    }
    if (!seen.containsKey(series) && census.isFull()) {
      return false;
    }
    seen.put(
        series, census.heard(series, timeMs, seen.getOrDefault(series, ActiveSeriesCounter.NEW)));
    return true;
  }

  private boolean isOver(String series) {
    return census.isOver(seen.getOrDefault(series, ActiveSeriesCounter.NEW));
  }

  @Test
  void thereIsPlaceForSoManyAndNoMore() {
    assertThat(hear("a", 0)).isTrue();
    assertThat(hear("b", 0)).isTrue();
    assertThat(hear("c", 0)).isTrue();
    assertThat(hear("d", 0)).isFalse();
    assertThat(hear("a", 1)).isTrue();
    assertThat(census.total()).isEqualTo(3);

    census.gone(seen.remove("b"));
    assertThat(hear("d", 2)).isTrue();
    assertThat(census.total()).isEqualTo(3);
  }

  @Test
  void seriesIsOverAfterItsTimeToLiveAndNotBefore() {
    hear("a", 0);
    for (int time = 0; time < TO_LIVE + SPAN; time++) {
      hear("b", time);
      assertThat(isOver("a")).as("at %d", time).isFalse();
    }
    hear("b", TO_LIVE + SPAN);

    assertThat(isOver("a")).isTrue();
    assertThat(isOver("b")).isFalse();
    assertThat(census.total()).isEqualTo(1);
  }

  @Test
  void whatIsOverStaysSo() {
    hear("a", 0);
    for (int time = 0; time <= TO_LIVE + SPAN; time += SPAN) {
      hear("b", time);
    }
    hear("b", 0);

    assertThat(isOver("a")).isTrue();
  }

  @Test
  void oneClockThatIsAheadEndsNoOther() {
    hear("a", 0);
    hear("b", 0);
    for (int i = 0; i < 50; i++) {
      hear("ahead", 1_000_000 + i);
      hear("ahead", 1_000_000 + i);
      hear("b", i);
    }

    assertThat(isOver("a")).isFalse();
    assertThat(census.now()).isEqualTo(4);
  }

  @Test
  void timeLeapsWhereTwoInARowAgree() {
    hear("a", 0);
    hear("b", 0);
    hear("c", 0);
    hear("a", 100 * TO_LIVE);
    assertThat(isOver("c")).isFalse();
    hear("b", 100 * TO_LIVE + SPAN);

    assertThat(isOver("c")).isTrue();
  }

  @Test
  void withoutATimeToLiveNoneIsEverOver() {
    census = new ActiveSeriesCounter(3, Long.MAX_VALUE);
    hear("a", 0);
    hear("b", 1L << 50);
    hear("b", 1L << 51);

    assertThat(isOver("a")).isFalse();
    assertThat(census.total()).isEqualTo(2);
  }

  /** Against a count of all series that were heard of within the time to live. */
  @Test
  void countIsThatOfAllThatWereHeardOfAndGoesOnFromASnapshotOrFromWhatIsFound() {
    SplittableRandom random = new SplittableRandom(3);
    census = new ActiveSeriesCounter(40, TO_LIVE);
    long time = 0;
    for (int i = 0; i < 20_000; i++) {
      time += random.nextInt(random.nextInt(100) == 0 ? 400 : 4);
      String series = "series-" + random.nextInt(random.nextInt(5) == 0 ? 1000 : 30);
      if (random.nextInt(50) == 0 && seen.containsKey(series)) {
        census.gone(seen.remove(series));
      } else {
        hear(series, Math.max(0, time - random.nextInt(50)));
      }
      if (random.nextInt(20) == 0) {
        ActiveSeriesCounter restored = new ActiveSeriesCounter(40, TO_LIVE);
        assertThat(restored.restore(census.snapshot())).isTrue();
        census = restored;
      }
      long now = census.now();
      long expected =
          seen.values().stream().filter(span -> now - span <= ActiveSeriesCounter.SPANS).count();
      assertThat(census.total()).isEqualTo(expected).isLessThanOrEqualTo(40);
    }
    hear("series-0", time);
    ActiveSeriesCounter found = new ActiveSeriesCounter(40, TO_LIVE);
    seen.values().forEach(found::found);
    assertThat(found.total()).isEqualTo(census.total());
    assertThat(found.now()).isEqualTo(census.now());
  }

  @Test
  void whatWasThereBeforeAnybodyCountedIsCountedToo() {
    census.found(ActiveSeriesCounter.UNMARKED);
    census.found(ActiveSeriesCounter.UNMARKED);
    assertThat(census.total()).isEqualTo(2);
    assertThat(census.mark()).isEqualTo(ActiveSeriesCounter.UNMARKED);

    census.heard("a", 100, ActiveSeriesCounter.UNMARKED);
    assertThat(census.mark()).isEqualTo(10);
    assertThat(census.total()).isEqualTo(2);
    assertThat(census.isOver(ActiveSeriesCounter.UNMARKED)).isFalse();
  }

  @Test
  void snapshotOfAnotherTimeToLiveIsNotTaken() {
    assertThat(census.restore(new ActiveSeriesCounter(3, 2 * TO_LIVE).snapshot())).isFalse();
  }
}
