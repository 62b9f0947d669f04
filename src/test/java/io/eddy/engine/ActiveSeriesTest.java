package io.eddy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.SeriesLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StateSnapshot;
import io.eddy.forecast.step.StoredState;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Counts of active series over restarts and changes of the limits. */
class ActiveSeriesTest {
  private static final SeriesLimits LIMITS = new SeriesLimits(TimestampGuard.OFF, 20, 6400);
  private static final SeriesState STATE =
      SeriesState.inMemory(Models.model(CellKind.GRU, 2, 12, 1));

  /** A partition whose engine may be restarted at any time. */
  private static final class Partition {
    final InMemoryPartitionStore store = new InMemoryPartitionStore();
    ActiveSeries active = new ActiveSeries(LIMITS, store);

    void restart(SeriesLimits limits) {
      active = new ActiveSeries(limits, store);
    }

    /** Applies an event; returns false if its series is rejected. */
    boolean apply(String series, long timeMs) {
      StoredState stored = store.series(series).get(StateKey.STATE);
      if (active.isExpired(stored)) {
        delete(series);
        stored = null;
      }
      if (stored == null && active.isFull()) {
        return false;
      }
      long lastEventMs = active.countEvent(series, timeMs, stored);
      store.series(series).put(StateKey.STATE, StateSnapshot.of(STATE, lastEventMs));
      return true;
    }

    void delete(String series) {
      active.countDeletion(store.series(series).get(StateKey.STATE));
      store.delete(series);
    }

    int size() {
      return store.states(null, Integer.MAX_VALUE).entries().size();
    }
  }

  @Test
  void restartsDoNotChangeCounts() {
    SplittableRandom random = new SplittableRandom(5);
    Partition killed = new Partition();
    Partition steady = new Partition();
    int rejected = 0;
    for (int i = 0; i < 5000; i++) {
      String series = "series-" + random.nextInt(random.nextInt(8) == 0 ? 500 : 15);
      long timeMs = i * 10L + random.nextInt(500);
      switch (random.nextInt(20)) {
        case 0 -> {
          killed.delete(series);
          steady.delete(series);
        }
        case 1 -> steady.active.sweep().forEach(steady.store::delete);
        default -> {
          boolean isAccepted = steady.apply(series, timeMs);
          assertThat(killed.apply(series, timeMs)).isEqualTo(isAccepted);
          rejected += isAccepted ? 0 : 1;
        }
      }
      if (random.nextInt(3) == 0) {
        killed.restart(LIMITS);
      }
    }
    assertThat(rejected).isGreaterThan(50);
    assertThat(steady.size()).isLessThan(killed.size());
  }

  @Test
  void countEqualsStoredCounter() {
    Partition partition = new Partition();
    for (int i = 0; i < 200; i++) {
      partition.apply("series-" + i % 30, i * 100L);
    }
    for (int i = 0; i < 19; i++) {
      partition.delete("series-" + i);
    }
    partition.apply("series-19", 20_000);
    long[] counter = partition.store.counter();

    partition.store.deleteCounter();
    partition.restart(LIMITS);

    assertThat(partition.store.counter()).isEqualTo(counter);
  }

  @Test
  void seriesOlderThanTheLimitsExpireOnceMarked() {
    Partition partition = new Partition();
    partition.restart(SeriesLimits.DEFAULT);
    for (int i = 0; i < 20; i++) {
      partition.apply("old-" + i, 0);
    }
    partition.restart(LIMITS);

    assertThat(partition.apply("new", 0)).isFalse();
    assertThat(partition.apply("old-0", 100)).isTrue();
    assertThat(partition.active.sweep()).isEmpty();
    for (int timeMs = 100; timeMs < 10_000; timeMs += 100) {
      partition.apply("old-0", timeMs);
    }
    assertThat(partition.active.sweep()).hasSize(19);
    assertThat(partition.apply("new", 10_000)).isTrue();
  }

  @Test
  void recountsForAnotherTimeToLive() {
    Partition partition = new Partition();
    for (int i = 0; i < 20; i++) {
      partition.apply("series-" + i, 1000L * i);
    }
    assertThat(partition.apply("new", 19_000)).isTrue();

    partition.restart(new SeriesLimits(TimestampGuard.OFF, 20, 64_000));

    assertThat(partition.apply("newer", 19_000)).isFalse();
  }

  @Test
  void deletesCounterWithoutLimits() {
    Partition partition = new Partition();
    partition.apply("a", 0);

    partition.restart(SeriesLimits.DEFAULT);
    partition.apply("b", 0);
    partition.apply("c", 0);
    assertThat(partition.store.counter()).isNull();

    partition.restart(new SeriesLimits(TimestampGuard.OFF, 3, Long.MAX_VALUE));
    assertThat(partition.apply("d", 0)).isFalse();
  }
}
