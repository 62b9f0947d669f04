package io.eddy.model;

import io.eddy.series.Window;

/**
 * The simple forecast that a net corrects: the value one season before, or the last value.
 *
 * @param seasonSteps length of the season in steps; 0 for the last value
 */
public record BaseForecast(int seasonSteps) {
  /** Repeats the last value. */
  public static final BaseForecast LAST_VALUE = new BaseForecast(0);

  public BaseForecast {
    if (seasonSteps < 0) {
      throw new IllegalArgumentException("seasonSteps: expected at least 0, got " + seasonSteps);
    }
  }

  /** Whether the value that it repeats for the next step lies in the window. */
  public boolean isKnown(Window window) {
    return window.size() >= Math.max(1, seasonSteps);
  }

  /**
   * The base for {@code step} steps after the window's last one: x_{t+j−m⌈j/m⌉}, or the last value
   * while the season lies before the window.
   *
   * @param window at least one step
   * @param step j, from 1
   */
  public double at(Window window, int step) {
    if (seasonSteps > 0) {
      int lag = seasonSteps - 1 - (step - 1) % seasonSteps;
      if (lag < window.size()) {
        return window.value(lag);
      }
    }
    return window.value(0);
  }
}
