package io.eddy.forecast.combination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrackerTest {
  private final Tracker tracker = new Tracker();
  private final SplittableRandom random = new SplittableRandom(1);

  private void addNoise(int count, double level) {
    for (int i = 0; i < count; i++) {
      tracker.add(level + random.nextDouble() - 0.5, 0.05);
    }
  }

  @Test
  void beginsAsPlainMean() {
    for (double value : new double[] {1, 2, 6}) {
      tracker.add(value, 0.01);
    }

    assertThat(tracker.mean()).isCloseTo(3, within(1e-12));
  }

  @Test
  void singleOutlierHardlyMovesMean() {
    addNoise(100, 10);

    tracker.add(1000, 0.05);

    assertThat(tracker.mean()).isCloseTo(10, within(0.3));
    addNoise(1, 10);
    assertThat(tracker.mean()).isCloseTo(10, within(0.3));
  }

  @Test
  void secondValueConfirmsShift() {
    addNoise(100, 10);

    addNoise(2, 50);

    assertThat(tracker.mean()).isCloseTo(50, within(0.5));
    assertThat(tracker.count()).isEqualTo(2);
  }

  @Test
  void outliersOnBothSidesAreNoShift() {
    addNoise(100, 10);

    tracker.add(50, 0.05);
    tracker.add(-30, 0.05);

    assertThat(tracker.mean()).isCloseTo(10, within(1.0));
  }

  @Test
  void constantSeriesFollowsShift() {
    for (int i = 0; i < 20; i++) {
      tracker.add(7, 0.05);
    }

    tracker.add(9, 0.05);
    tracker.add(9, 0.05);

    assertThat(tracker.mean()).isEqualTo(9);
  }

  @Test
  void straightLineIsExact() {
    double trend = 0;
    for (int i = 0; i < 50; i++) {
      tracker.shift(trend);
      trend += tracker.add(3 + 0.5 * i, 0.1, 0.01);
    }

    assertThat(tracker.mean()).isCloseTo(3 + 0.5 * 49, within(1e-9));
    assertThat(trend).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void readsBackWhatItWrote() {
    addNoise(30, 10);
    tracker.add(1000, 0.05);
    ByteBuffer bytes = ByteBuffer.allocate(Tracker.BYTES);
    tracker.put(bytes);
    Tracker read = new Tracker();
    read.get(bytes.flip());
    assertThat(bytes.hasRemaining()).isFalse();

    for (int i = 0; i < 5; i++) {
      double value = random.nextDouble();
      tracker.add(value, 0.05);
      read.add(value, 0.05);
      assertThat(read.mean()).isEqualTo(tracker.mean());
    }
  }

  private void addJumpNoise(int count, double level) {
    for (int i = 0; i < count; i++) {
      tracker.addToJumps(level + random.nextDouble() - 0.5, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {3, -3, 8, -40, 1e6})
  void thirdFarValueIsJump(double level) {
    addJumpNoise(200, 0);
    addJumpNoise(2, level);
    assertThat(tracker.mean()).isZero();

    addJumpNoise(3, level);

    assertThat(tracker.mean()).isCloseTo(level, within(0.5));
    addJumpNoise(50, level);
    assertThat(tracker.mean()).isCloseTo(level, within(0.15));
    addJumpNoise(50, 0);
    assertThat(tracker.mean()).isCloseTo(0, within(0.15));
  }

  @ParameterizedTest
  @ValueSource(doubles = {3, -1000, 1e12})
  void outliersAreNoJump(double outlier) {
    for (int i = 0; i < 20; i++) {
      addJumpNoise(30, 0);
      addJumpNoise(2, outlier);
    }

    assertThat(tracker.mean()).isZero();
  }

  @Test
  void largerNoiseIsNoJump() {
    addJumpNoise(200, 0);

    for (int i = 0; i < 200; i++) {
      tracker.addToJumps(6 * (random.nextDouble() - 0.5), 1);
    }

    assertThat(tracker.mean()).isZero();
  }
}
