package io.eddy.model;

import io.eddy.series.GapFilling;
import io.eddy.series.Observation;
import io.eddy.series.Window;

/**
 * The value that stands in for a step in which nothing was measured, as the model's {@link
 * GapFilling} says. Serving, training and backtests ask here, so that a model serves what it was
 * trained on.
 */
public final class Imputation {
  private Imputation() {}

  /** Whether it takes a forecast, and not the steps before alone. */
  public static boolean usesForecast(ModelSpecification specification) {
    return specification.sampling().gaps() == GapFilling.MEDIAN;
  }

  /**
   * What repeating gives for the step after the window's last one: the season's value, or the last
   * one where that is what stands in. So is a linear base fitted where it takes a forecast, which
   * is not there yet.
   *
   * @param window at least one step
   */
  public static double naive(Window window, ModelSpecification specification) {
    return specification.sampling().gaps() == GapFilling.LAST
        ? window.value(0)
        : specification.output().baseline().seasonalNaive(window, 1);
  }

  /**
   * What was forecast for the step after the window's last one; the last value where that is
   * nothing that could have been measured.
   *
   * @param forecast values of every step ahead in the series' own unit, as they are published
   */
  public static double fromForecast(
      Window window, float[] forecast, ModelSpecification.Output output) {
    double next = output.pointForecast(forecast);
    return Observation.isInRange(next) ? next : window.value(0);
  }
}
