package io.eddy.kafka.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.eddy.admission.LatenessPolicy;
import io.eddy.engine.EngineFixture;
import io.eddy.engine.SeriesEngine;
import io.eddy.engine.SeriesUpdate;
import io.eddy.model.BaselineSpec;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

/** Counts the reads and the bytes of an event: LSTM of 64 units, 24 steps ahead, 9 quantiles. */
class EventCostTest {
  private static final int BLOCK = 500;
  private static final int MAX_BLOCKS = 2000;

  /** The quantiles and means of a forecast, and its objects. */
  private static final int FORECAST_BYTES = 8 * (24 * 9 + 24) + 256;

  private final SeriesEngine engine = new SeriesEngine(LatenessPolicy.IN_ORDER);
  private final ServingVersion serving = EngineFixture.serving(model(), 1);
  private int hour;

  private static Model model() {
    List<Double> levels = IntStream.rangeClosed(1, 9).mapToObj(level -> level / 10.0).toList();
    ModelSpecification specification =
        Models.withOutput(
            Models.specification(CellKind.LSTM, 64, 48),
            new ModelSpecification.Output(24, levels, new BaselineSpec(24)));
    return ModelFile.read(Models.file(specification, 1));
  }

  @Test
  void eventReadsTheStateAndNothingElse() {
    TaskStores task = new TaskStores();
    AtomicInteger states = new AtomicInteger();
    AtomicInteger parts = new AtomicInteger();
    SeriesStore series =
        new KafkaPartitionStore(
                new KafkaPartitionStore.Stores(
                    counting(task.states, states),
                    counting(task.windows, parts),
                    task.shadows,
                    null))
            .series("a");
    apply(series, 200);
    states.set(0);
    parts.set(0);

    int scores = apply(series, 240);

    assertThat(scores).isGreaterThan(5);
    assertThat(states).hasValue(240);
    // The pending forecast, and the steps that it is compared with.
    assertThat(parts.get()).isBetween(scores, 3 * scores);
  }

  @Test
  void allocatesLittleBeyondTheForecast() {
    int limit = FORECAST_BYTES + 4000;

    assertThat(bytesPerEvent(new InMemorySeriesStore(), limit)).isLessThan(limit);
  }

  @Test
  void encodingAllocatesLittleBeyondTheRecords() {
    int limit = FORECAST_BYTES + 7000;

    assertThat(bytesPerEvent(new TaskStores().partition().series("a"), limit)).isLessThan(limit);
  }

  /**
   * Returns the bytes per event of the cheapest block. Blocks that contain interpreted code need
   * more; how many there are depends on how soon the compiler gets processor time.
   *
   * @param limit ends the measurement with the first block below it
   */
  private long bytesPerEvent(SeriesStore series, int limit) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int block = 0; block < MAX_BLOCKS && least >= limit; block++) {
      long before = threads.getThreadAllocatedBytes(id);
      apply(series, BLOCK);
      least = Math.min(least, (threads.getThreadAllocatedBytes(id) - before) / BLOCK);
    }
    return least;
  }

  /** Applies events; returns the number of scores. */
  private int apply(SeriesStore series, int events) {
    int scores = 0;
    for (int i = 0; i < events; i++) {
      double value = 20 + 5 * StrictMath.sin(hour / 4.0);
      Observation observation = new Observation("a", ++hour * Models.INTERVAL.toMillis(), value);
      SeriesUpdate update = engine.prepare(series, observation, serving);
      update.commit();
      scores += update.result().forecasts().get(0).score() == null ? 0 : 1;
    }
    return scores;
  }

  /** Returns a store that counts its reads. */
  @SuppressWarnings("unchecked")
  private static <K> KeyValueStore<K, byte[]> counting(
      KeyValueStore<K, byte[]> store, AtomicInteger reads) {
    return (KeyValueStore<K, byte[]>)
        Proxy.newProxyInstance(
            EventCostTest.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> {
              reads.addAndGet("get".equals(method.getName()) ? 1 : 0);
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
