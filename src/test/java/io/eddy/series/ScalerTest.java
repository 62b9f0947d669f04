package io.eddy.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Level and scale of series with outliers, level shifts and recurring spikes. */
final class ScalerTest {
  private static final int DAY = 24;
  private static final double SMOOTHING = Scaler.smoothing(48);

  @ParameterizedTest
  @ValueSource(doubles = {6, 40, -40, 1e6})
  void levelFollowsShiftWithinFewSteps(double shift) {
    IntToDoubleFunction noise = noise(1);
    Scaler scaler = run(400, noise);
    double before = scaler.scale();

    follow(scaler, 400, 5, t -> shift + noise.applyAsDouble(t));

    assertThat(scaler.level()).isCloseTo(shift, within(2.5));
    assertThat(scaler.scale()).isCloseTo(before, within(0.2 * before));
  }

  @ParameterizedTest
  @ValueSource(doubles = {20, -1000, 1e9})
  void singleOutlierHardlyMovesLevelAndScale(double outlier) {
    IntToDoubleFunction noise = noise(2);
    Scaler scaler = run(400, noise);
    double level = scaler.level();
    double before = scaler.scale();

    follow(scaler, 400, 1, t -> outlier);

    assertThat(scaler.level()).isCloseTo(level, within(0.26 * before));
    assertThat(scaler.scale()).isBetween(before, 1.26 * before);
    follow(scaler, 401, 2 * DAY, noise);
    assertThat(scaler.scale()).isCloseTo(before, within(0.25 * before));
  }

  @Test
  void outlierIsClippedUntilNextValuesAgree() {
    IntToDoubleFunction noise = noise(12);
    Scaler scaler = run(400, noise);

    follow(scaler, 400, 1, t -> 1000);
    assertThat(scaler.comparable(1000, 0)).isBetween(3.0, 8.0);
    assertThat(scaler.comparable(0.5, 1)).isEqualTo(0.5);

    follow(scaler, 401, 2, t -> 1000);
    assertThat(scaler.comparable(1000, 0)).isEqualTo(1000);
    assertThat(scaler.comparable(0.5, 3)).isBetween(998.0, 1003.0);
  }

  @Test
  void twoEqualOutliersInRowAreNoShift() {
    Scaler scaler = run(400, noise(3));

    follow(scaler, 400, 2, t -> 50);

    assertThat(scaler.changeSince(300)).isZero();
    assertThat(scaler.level()).isCloseTo(0, within(1.0));
  }

  @Test
  void scaleFollowsLargerSpreadWithinSeason() {
    Scaler scaler = run(400, noise(4));
    IntToDoubleFunction noise = noise(5);

    follow(scaler, 400, DAY, t -> 20 * noise.applyAsDouble(t));

    assertThat(scaler.scale()).isBetween(6.0, 32.0);
  }

  @Test
  void recurringSpikesStayInScale() {
    IntToDoubleFunction pulse = t -> t % DAY == 8 ? 100 : 0;
    Scaler scaler = run(40 * DAY, pulse);

    assertThat(scaler.level()).isCloseTo(100.0 / DAY, within(1.0));
    assertThat(scaler.scale()).isCloseTo(200.0 / DAY, within(2.0));
    assertThat(scaler.changeSince(30 * DAY)).isZero();
  }

  @Test
  void rareSpikesStayInScale() {
    SplittableRandom random = new SplittableRandom(6);
    Scaler scaler = run(2000, t -> random.nextInt(30) == 0 ? 1 : 0);

    assertThat(scaler.scale()).isBetween(0.01, 0.2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.02, 1.1, 1.6})
  void growthIsNoShift(double factor) {
    Scaler scaler = run(60, t -> StrictMath.pow(factor, t) + t % 2 * 0.01);

    assertThat(scaler.changeSince(50)).isZero();
  }

  @Test
  void trendAfterRestIsNoShift() {
    IntToDoubleFunction noise = noise(10);
    Scaler scaler = run(500, t -> noise.applyAsDouble(t) + Math.max(0, t - 400));

    assertThat(scaler.changeSince(450)).isZero();
  }

  @Test
  void periodsThatRecurBelongToSeries() {
    IntToDoubleFunction noise = noise(11);
    IntToDoubleFunction bursts = t -> noise.applyAsDouble(t) + (t % 40 < 6 && t > 500 ? 60 : 0);
    Scaler scaler = run(1200, bursts);

    assertThat(scaler.changeSince(400)).isZero();
    assertThat(scaler.scale()).isBetween(5.0, 25.0);
  }

  /** A daily sine has deviations of 1.6 scales for hours. */
  @Test
  void seasonIsNoShift() {
    Scaler scaler = run(60 * DAY, t -> 10 + 5 * StrictMath.sin(2 * Math.PI * t / DAY));

    assertThat(scaler.changeSince(60 * DAY)).isZero();
  }

  /** Weather wanders: a front changes the temperature by 3 scales within an hour, for days. */
  @Test
  void frontsThatPassAreNoShifts() {
    IntToDoubleFunction noise = noise(13);
    double[] weather = new double[2000];
    for (int t = 1; t < weather.length; t++) {
      weather[t] = 0.98 * weather[t - 1] + 0.5 * noise.applyAsDouble(t) - (t % 400 == 399 ? 12 : 0);
    }
    IntToDoubleFunction values = t -> 5 * StrictMath.sin(2 * Math.PI * t / DAY) + weather[t];
    Scaler scaler = new Scaler();
    int steps = 0;
    for (int t = 0; t < weather.length; t++) {
      double seasonal = t < DAY ? Double.NaN : values.applyAsDouble(t - DAY);
      scaler.follow(values.applyAsDouble(t), seasonal, DAY, SMOOTHING);
      steps += scaler.changeSince(weather.length) == 0 ? 0 : 1;
    }

    assertThat(steps).isZero();
  }

  @Test
  void shiftOfSeasonalSeriesIsItsChangeOverSeason() {
    IntToDoubleFunction season = t -> 5 * StrictMath.sin(2 * Math.PI * t / DAY);
    Scaler scaler = new Scaler();
    for (int t = 0; t < 40 * DAY + 4; t++) {
      double shift = t < 40 * DAY ? 0 : 100;
      double seasonal = t < DAY ? Double.NaN : season.applyAsDouble(t - DAY);
      scaler.follow(shift + season.applyAsDouble(t), seasonal, DAY, SMOOTHING);
    }

    assertThat(scaler.changeSince(DAY)).isCloseTo(100, within(1e-9));
    assertThat(scaler.changeSince(2)).isZero();
    assertThat(scaler.level()).isCloseTo(100, within(1.5));
  }

  @Test
  void periodAtAnotherLevelIsUndone() {
    IntToDoubleFunction noise = noise(7);
    Scaler scaler = run(400, noise);

    follow(scaler, 400, 10, t -> 60 + noise.applyAsDouble(t));
    follow(scaler, 410, 10, noise);

    assertThat(scaler.level()).isCloseTo(0, within(1.5));
    assertThat(scaler.changeSince(12)).isCloseTo(-60, within(3.0));
    assertThat(scaler.changeSince(100)).isCloseTo(0, within(3.0));
  }

  @Test
  void missingStepsAgeShifts() {
    IntToDoubleFunction noise = noise(8);
    Scaler scaler = run(400, noise);
    follow(scaler, 400, 3, t -> 60 + noise.applyAsDouble(t));

    scaler.skip();

    assertThat(scaler.changeSince(3)).isZero();
    assertThat(scaler.changeSince(4)).isCloseTo(60, within(3.0));
  }

  @Test
  void singleOutlierHardlyMovesMeanError() {
    Scaler scaler = run(400, noise(9));
    for (int t = 0; t < 200; t++) {
      scaler.updateError(1, SMOOTHING);
    }

    scaler.updateError(1e6, SMOOTHING);

    assertThat(scaler.error()).isBetween(1.0, 1.26);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 401, 403, 420, 440})
  void snapshotRestoresState(int steps) {
    IntToDoubleFunction values = t -> (t >= 400 && t < 410 ? 60 : 0) + (t * 37 % 11) / 10.0;
    Scaler scaler = run(steps, values);
    Scaler copy = scaler.copy();

    assertThat(copy.snapshot()).isEqualTo(scaler.snapshot()).hasSize(scaler.snapshotSize());
    follow(scaler, steps, 50, values);
    follow(copy, steps, 50, values);
    assertThat(copy.snapshot()).isEqualTo(scaler.snapshot());
  }

  private static Scaler run(int steps, IntToDoubleFunction values) {
    Scaler scaler = new Scaler();
    follow(scaler, 0, steps, values);
    return scaler;
  }

  private static void follow(Scaler scaler, int from, int steps, IntToDoubleFunction values) {
    for (int t = from; t < from + steps; t++) {
      scaler.follow(values.applyAsDouble(t), Double.NaN, 0, SMOOTHING);
    }
  }

  /** Returns standard normal noise, a function of the step. */
  private static IntToDoubleFunction noise(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[2000];
    for (int t = 0; t < values.length; t++) {
      values[t] = random.nextGaussian();
    }
    return t -> values[t];
  }
}
