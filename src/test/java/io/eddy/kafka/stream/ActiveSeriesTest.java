package io.eddy.kafka.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.SeriesLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.forecast.step.SeriesState;
import io.eddy.kafka.state.ActiveSeriesCounterCodec;
import io.eddy.kafka.state.StateCodec;
import io.eddy.kafka.state.StateHeader;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.util.SplittableRandom;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** What is counted over a start, a kill, and a change of settings. */
class ActiveSeriesTest {
  private static final SeriesLimits LIMITS = new SeriesLimits(TimestampGuard.OFF, 20, 6400);
  private static final SeriesState STATE =
      SeriesState.inMemory(Models.model(CellKind.GRU, 2, 12, 1));

  /** The series of a task whose processor may be made anew at any time. */
  private static final class Task {
    final KeyValueStore<String, byte[]> states = store("states", Serdes.String());
    final KeyValueStore<Bytes, byte[]> windows = store("windows", Serdes.Bytes());
    SeriesLimits limits = LIMITS;
    ActiveSeries population = new ActiveSeries(limits, states, windows);

    private static <K> KeyValueStore<K, byte[]> store(String name, Serde<K> keys) {
      KeyValueStore<K, byte[]> store =
          Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), keys, Serdes.ByteArray())
              .withLoggingDisabled()
              .build();
      store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
      return store;
    }

    /** As after a kill, with what is in the stores. */
    void startAnew(SeriesLimits others) {
      limits = others;
      population = new ActiveSeries(limits, states, windows);
    }

    void forgetCensus() {
      windows.delete(Bytes.wrap(ActiveSeriesCounterCodec.key()));
    }

    /** Takes an observation; false where its series has no place. */
    boolean hear(String series, long timeMs) {
      byte[] state = states.get(series);
      if (population.isOver(state)) {
        delete(series);
        state = null;
      }
      if (state == null && population.isFull()) {
        return false;
      }
      long heardMs = population.heard(series, timeMs, state);
      states.put(
          series,
          heardMs == StateHeader.UNKNOWN
              ? StateCodec.encode(STATE)
              : StateCodec.encode(STATE, heardMs));
      return true;
    }

    void delete(String series) {
      population.gone(states.get(series));
      states.delete(series);
    }

    long size() {
      return states.approximateNumEntries();
    }
  }

  @Test
  void startsInTheMidstChangeNothing() {
    SplittableRandom random = new SplittableRandom(5);
    Task killed = new Task();
    Task steady = new Task();
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
      String series = "series-" + random.nextInt(random.nextInt(8) == 0 ? 500 : 15);
      long timeMs = i * 10L + random.nextInt(500);
      switch (random.nextInt(20)) {
        case 0 -> {
          killed.delete(series);
          steady.delete(series);
        }
        case 1 -> steady.population.sweep().forEach(steady.states::delete);
        default -> {
          boolean isTaken = steady.hear(series, timeMs);
          assertThat(killed.hear(series, timeMs)).isEqualTo(isTaken);
          refused += isTaken ? 0 : 1;
        }
      }
      if (random.nextInt(3) == 0) {
        killed.startAnew(LIMITS);
      }
    }
    assertThat(refused).isGreaterThan(50);
    assertThat(steady.size()).isLessThan(killed.size());
  }

  @Test
  void countWithoutACensusIsWhatTheCensusSaid() {
    Task task = new Task();
    for (int i = 0; i < 200; i++) {
      task.hear("series-" + i % 30, i * 100L);
    }
    for (int i = 0; i < 19; i++) {
      task.delete("series-" + i);
    }
    task.hear("series-19", 20_000);
    byte[] census = task.windows.get(Bytes.wrap(ActiveSeriesCounterCodec.key()));

    task.forgetCensus();
    task.startAnew(LIMITS);

    assertThat(task.windows.get(Bytes.wrap(ActiveSeriesCounterCodec.key()))).isEqualTo(census);
  }

  @Test
  void seriesThatWereThereBeforeTheLimitsCountAndAreOverOnceTheyAreMarked() {
    Task task = new Task();
    task.startAnew(SeriesLimits.DEFAULT);
    for (int i = 0; i < 20; i++) {
      task.hear("old-" + i, 0);
    }
    task.startAnew(LIMITS);

    assertThat(task.hear("new", 0)).isFalse();
    assertThat(task.hear("old-0", 100)).isTrue();
    assertThat(task.population.sweep()).isEmpty();
    for (int timeMs = 100; timeMs < 10_000; timeMs += 100) {
      task.hear("old-0", timeMs);
    }
    assertThat(task.population.sweep()).hasSize(19);
    assertThat(task.hear("new", 10_000)).isTrue();
  }

  @Test
  void anotherTimeToLiveCountsAnew() {
    Task task = new Task();
    for (int i = 0; i < 20; i++) {
      task.hear("series-" + i, 1000L * i);
    }
    assertThat(task.hear("new", 19_000)).isTrue();

    task.startAnew(new SeriesLimits(TimestampGuard.OFF, 20, 64_000));

    assertThat(task.hear("newer", 19_000)).isFalse();
  }

  @Test
  void whereNothingIsLimitedAnyLongerTheCensusIsGone() {
    Task task = new Task();
    task.hear("a", 0);

    task.startAnew(SeriesLimits.DEFAULT);
    task.hear("b", 0);
    task.hear("c", 0);
    assertThat(task.windows.get(Bytes.wrap(ActiveSeriesCounterCodec.key()))).isNull();

    task.startAnew(new SeriesLimits(TimestampGuard.OFF, 3, Long.MAX_VALUE));
    assertThat(task.hear("d", 0)).isFalse();
  }
}
