package io.eddy.model;

import io.eddy.series.TimeOfYear;
import io.eddy.series.Window;

/**
 * The simple forecast that a net corrects: the value one season before, the last value, or a linear
 * model of the last values ({@link LinearBaseline}).
 *
 * @param seasonSteps length of the season in steps; 0 where there is none
 * @param lookBack L: steps that the linear model sees; 0 where the season's, or the last, value is
 *     the forecast
 * @param isYearly whether the linear model also knows the time of the year
 */
public record BaselineSpec(int seasonSteps, int lookBack, boolean isYearly) {
  /** Repeats the last value. */
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
      throw new IllegalArgumentException("yearly: expected a lookBack with it");
    }
  }

  /** A base that does not know the time of the year. */
  public BaselineSpec(int seasonSteps, int lookBack) {
    this(seasonSteps, lookBack, false);
  }

  /** Repeats the value one season before, or with 0 the last value. */
  public BaselineSpec(int seasonSteps) {
    this(seasonSteps, 0);
  }

  /** Whether it is a linear model, with weights of its own. */
  public boolean isLinear() {
    return lookBack > 0;
  }

  /** Numbers that the linear model sees; 0 where the base is none. */
  public int featureCount() {
    return isLinear() ? lookBack - 1 + (isYearly ? TimeOfYear.SIZE : 0) : 0;
  }

  /** L steps back, or the season where that is all it looks at. */
  public int requiredSteps() {
    return Math.max(seasonSteps, lookBack);
  }

  /** Whether the value that it repeats for the next step lies in the window. */
  public boolean isAvailable(Window window) {
    return window.size() >= Math.max(1, seasonSteps);
  }

  /**
   * What repeating gives for {@code step} steps after the window's last one: x_{t+j−m⌈j/m⌉}, or the
   * last value while the season lies before the window.
   *
   * @param window at least one step
   * @param step j, from 1
   */
  public double seasonalNaive(Window window, int step) {
    if (seasonSteps > 0) {
      int lag = seasonSteps - 1 - (step - 1) % seasonSteps;
      if (lag < window.size()) {
        return window.value(lag);
      }
    }
    return window.value(0);
  }
}
