package io.eddy.model;

import io.eddy.series.TimeOfYear;
import io.eddy.series.Window;

/**
 * Selects the baseline that a net corrects: the seasonal naive forecast, the naive forecast, or a
 * linear model of the last values ({@link LinearBaseline}).
 *
 * @param seasonSteps m: length of the season in steps; 0 without a season
 * @param lookBack L: number of steps that the linear model takes; 0 for a naive baseline
 * @param isYearly whether the linear model also takes the time of the year
 */
public record BaselineSpec(int seasonSteps, int lookBack, boolean isYearly) {
  /** The naive forecast, which repeats the last value. */
  public static final BaselineSpec NAIVE = new BaselineSpec(0);

  static final int MAX_LOOK_BACK = 10_000;

  public BaselineSpec {
    if (seasonSteps < 0) {
      throw new IllegalArgumentException("seasonSteps: expected at least 0, got " + seasonSteps);
    }
    if (lookBack < 0 || lookBack == 1 || lookBack > MAX_LOOK_BACK) {
      throw new IllegalArgumentException(
          "lookBack: expected 0, or 2 to %d, got %d".formatted(MAX_LOOK_BACK, lookBack));
    }
    if (isYearly && lookBack == 0) {
      throw new IllegalArgumentException(
          "yearly: expected a linear baseline, with a lookBack of at least 2");
    }
  }

  /** Creates a baseline that ignores the time of the year. */
  public BaselineSpec(int seasonSteps, int lookBack) {
    this(seasonSteps, lookBack, false);
  }

  /** Creates a seasonal naive baseline, or a naive one if {@code seasonSteps} is 0. */
  public BaselineSpec(int seasonSteps) {
    this(seasonSteps, 0);
  }

  /** Returns whether the baseline is a linear model, which has weights in the model file. */
  public boolean isLinear() {
    return lookBack > 0;
  }

  /** F: number of features of the linear model; 0 for a naive baseline. */
  public int featureCount() {
    return isLinear() ? lookBack - 1 + (isYearly ? TimeOfYear.SIZE : 0) : 0;
  }

  /** Returns the number of past steps that the baseline takes at most. */
  public int requiredSteps() {
    return Math.max(seasonSteps, lookBack);
  }

  /** Tells a window which steps a forecast of {@code horizon} steps reads. */
  public void expectSteps(Window window, int horizon) {
    window.expect(requiredSteps(), isLinear() ? lookBack : horizon);
  }

  /** Returns whether the value that it repeats for the next step lies in the window. */
  public boolean isAvailable(Window window) {
    return window.size() >= Math.max(1, seasonSteps);
  }

  /**
   * Returns the seasonal naive forecast of {@code step} steps after the last one of the window:
   * x_{t+j−m⌈j/m⌉}, or the last value without a season or if that value lies before the window.
   *
   * @param window at least one step
   * @param step j, from 1
   */
  public double seasonalNaive(Window window, int step) {
    return window.value(seasonalLag(window, step));
  }

  /** Returns the lag of the value that the seasonal naive forecast repeats; 0 is the last value. */
  int seasonalLag(Window window, int step) {
    int lag = seasonSteps > 0 ? seasonSteps - 1 - (step - 1) % seasonSteps : 0;
    return lag < window.size() ? lag : 0;
  }
}
