package io.eddy.forecast.combination;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.eddy.model.InputEncoder;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.nn.CellKind;
import io.eddy.series.Covariates;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CombinationTest {
  private static final ModelSpecification MODEL =
      Models.specification(CellKind.GRU, 4, 48)
          .withCombination(Models.combination(List.of(6, 24), List.of(1, 4)));
  private static final Scaling SCALING = new InputEncoder(MODEL).scaling();

  private final Combination combination = new Combination(MODEL.output(), SCALING);
  private final CombinationState state = new CombinationState(MODEL.output());
  private final Window window = new Window(48, new InMemorySeriesStore());
  private final SeriesPast past = SeriesPast.of(window, MODEL);
  private final double[] values = new double[4 * 3];

  /** Closes a step; the net forecasts 0 ± 1. */
  private void close(long step, double value) {
    past.update(value, Covariates.NONE, SCALING);
    float[] means = combination.observe(state, step, value, false, past);
    window.append(value, false, Covariates.NONE, means);
    for (int k = 0; k < values.length; k++) {
      values[k] = k % 3 - 1;
    }
    combination.combine(state, past, values);
    combination.schedule(state, step, past);
  }

  @Test
  void combinedQuantilesAreWeightedMeans() {
    close(0, 5);
    double[] weights =
        MODEL.output().combination().groups().get(0).weights().stream()
            .mapToDouble(weight -> weight)
            .toArray();

    // The net forecasts 0, all other components forecast 5.
    assertThat(values[1]).isEqualTo((float) (5 * (1 - weights[0])));
  }

  /** The net forecasts 0 ± 1, all components 0, and all values are 0. */
  @Test
  void tooWideQuantilesOfTheNetNarrow() {
    for (int t = 0; t < 400; t++) {
      close(t, 0);
    }

    assertThat(values[2]).isLessThan(1e-3);
    assertThat(values[11]).isLessThan(1e-3);
  }

  /** No component but the net forecasts values around 0 without a pattern. */
  @Test
  void tooNarrowQuantilesOfTheNetStay() {
    SplittableRandom random = new SplittableRandom(1);
    for (int t = 0; t < 400; t++) {
      close(t, 20 * random.nextDouble() - 10);
    }
    GroupState group = state.groups.get(1);

    assertThat(group.netError).isGreaterThan(2 * group.netSpread);
    assertThat(values[11]).isGreaterThan(1);
  }

  @Test
  void stateReadsBackWhatItWrote() {
    for (int t = 0; t < 60; t++) {
      close(t, t % 6);
    }
    ByteBuffer bytes = ByteBuffer.allocate(state.bytes());
    state.put(bytes);
    CombinationState read = new CombinationState(MODEL.output());
    read.get(bytes.flip());
    ByteBuffer again = ByteBuffer.allocate(state.bytes());
    read.put(again);
    ByteBuffer copied = ByteBuffer.allocate(state.bytes());
    state.copy().put(copied);

    assertThat(bytes.hasRemaining()).isFalse();
    assertThat(again.array()).isEqualTo(bytes.array());
    assertThat(copied.array()).isEqualTo(bytes.array());
  }

  @Test
  void forecastAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int t = 0; t < 100; t++) {
      close(t, t % 6);
    }
    long minBytes = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int t = 0; t < 1000; t++) {
        combination.observe(state, 100 + t, t % 6, false, past);
        combination.combine(state, past, values);
        combination.schedule(state, 100 + t, past);
      }
      long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      minBytes = Math.min(minBytes, after - before);
    }

    assertThat(minBytes).isZero();
  }
}
