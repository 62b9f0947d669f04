package io.eddy.model;

import io.eddy.series.GapFilling;
import io.eddy.series.Observation;
import io.eddy.series.Window;

/**
 * Computes the value of a step without measurement, as the model's {@link GapFilling} selects.
 * Serving, training and backtests share it, so that a model sees the same inputs in all of them.
 */
public final class Imputation {
  private Imputation() {}

  /** Returns whether the value is taken from a forecast instead of the past steps alone. */
  public static boolean usesForecast(ModelSpecification specification) {
    return specification.sampling().gaps() == GapFilling.MEDIAN;
  }

  /**
   * Returns the naive or seasonal naive value of the step after the last one of the window. A
   * linear baseline is fitted with it even if gaps are filled by forecasts, as there is no model
   * yet.
   *
   * @param window at least one step
   */
  public static double naive(Window window, ModelSpecification specification) {
    return specification.sampling().gaps() == GapFilling.LAST
        ? window.value(0)
        : specification.output().baseline().seasonalNaive(window, 1);
  }

  /**
   * Returns the forecast of the step after the last one of the window, or the last value if the
   * forecast is out of the range of measurements.
   *
   * @param forecast values of every step ahead in the unit of the series
   */
  public static double fromForecast(
      Window window, double[] forecast, ModelSpecification.Output output) {
    double next = output.pointForecast(forecast);
    return Observation.isInRange(next) ? next : window.value(0);
  }
}
