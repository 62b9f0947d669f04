package io.eddy.forecast.calibration;

import io.eddy.forecast.Forecast;
import io.eddy.model.Precision;
import io.eddy.model.Transform;
import io.eddy.series.store.SeriesStore;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Adaptive conformal correction of a series' quantiles, so that a share τ of the values lies at or
 * below the quantile of level τ.
 *
 * <pre>
 *   q′_{j,k} = q_{j,k} + θ_{j,k}
 *   e_j ← e_j + α·(|y_j − q′_{j,½}| − e_j)               for each step ahead that was measured
 *   θ_{j,k} ← θ_{j,k} + γ·e_j·(τ_k − [y_j ≤ q′_{j,k}]) / √(τ_k·(1 − τ_k))
 * </pre>
 *
 * <p>Adaptive conformal inference in its quantile form (I. Gibbs and E. Candès, Adaptive conformal
 * inference under distribution shift, 2021; A. Angelopoulos, E. Candès and R. Tibshirani, Conformal
 * PID control, 2023). Each step ahead j is corrected separately. The step size follows e_j, the
 * mean absolute error of the median, rather than the width of the forecast's own intervals, so that
 * too narrow intervals do not slow down their own correction; one error counts for at most {@value
 * #MAX_ERROR_RATIO} times e_j. A quantile that crosses after the correction becomes equal to the
 * next one on the side of the median; sorting them would let one quantile learn from the errors of
 * another. For models with a log transform the correction applies to the logarithms, so that values
 * stay positive.
 *
 * <p>If a value equals several quantiles, [y ≤ q] is the share of their levels below τ, so that
 * quantiles of rare counts and at bounds do not drift. The first error e_j counts for at most
 * {@value #MAX_ERROR_RATIO} widths of the forecast's intervals.
 *
 * <p>The correction learns from the series' pending forecasts, about once in J steps. Used by one
 * thread.
 */
public final class Calibration {
  /** α; the first error is taken unchanged. */
  private static final float ERROR_SMOOTHING = 0.1f;

  private static final float MAX_ERROR_RATIO = 10;

  private final SeriesStore store;

  /** For each step ahead θ [K] and e; null until they are read. */
  private float @Nullable [] shifts;

  /** Creates the calibration kept in a store; it is read on first use. */
  public Calibration(SeriesStore store) {
    this.store = store;
  }

  /** Returns θ [K] and e for each step ahead, not a copy; zeros if none of that size are stored. */
  private float[] shifts(int size) {
    if (shifts == null) {
      shifts = store.get(CalibrationKey.SHIFTS);
    }
    if (shifts == null || shifts.length != size) {
      shifts = new float[size];
    }
    return shifts;
  }

  /** Resets the correction to zero. */
  public void clear() {
    if (shifts != null || store.get(CalibrationKey.SHIFTS) != null) {
      store.delete(CalibrationKey.SHIFTS);
    }
    shifts = null;
  }

  /**
   * Corrects quantiles.
   *
   * @param values [J × K]; modified
   * @param quantileLevels of the quantiles [K], 0.5 among them
   * @param precision of the values
   */
  public void correct(
      double[] values, List<Double> quantileLevels, Transform transform, Precision precision) {
    int levels = quantileLevels.size();
    int median = quantileLevels.indexOf(0.5);
    float[] shifts = shifts(values.length / levels * (levels + 1));
    for (int step = 0; step * levels < values.length; step++) {
      int first = step * levels;
      for (int k = 0; k < levels; k++) {
        float shift = shifts[step * (levels + 1) + k];
        if (shift != 0) {
          values[first + k] =
              precision.clip(transform.invert(transform.apply(values[first + k]) + shift));
        }
      }
      for (int k = first + median + 1; k < first + levels; k++) {
        values[k] = Math.max(values[k], values[k - 1]);
      }
      for (int k = first + median - 1; k >= first; k--) {
        values[k] = Math.min(values[k], values[k + 1]);
      }
    }
  }

  /**
   * Updates the correction from a matured forecast.
   *
   * @param actual measured values [J], NaN where nothing was measured
   * @param rate γ
   * @param transform of the series' values
   */
  public void learn(
      Forecast forecast, double[] actual, double rate, DoubleUnaryOperator transform) {
    List<Double> levels = forecast.quantileLevels();
    int width = levels.size() + 1;
    // Stored values are immutable.
    float[] updated = shifts(actual.length * width).clone();
    for (int j = 0; j < actual.length; j++) {
      if (Double.isNaN(actual[j])) {
        continue;
      }
      float error =
          (float)
              Math.abs(
                  transform.applyAsDouble(actual[j])
                      - transform.applyAsDouble(forecast.median(j + 1)));
      int last = j * width + width - 1;
      if (updated[last] == 0) {
        updated[last] = Math.min(error, maxFirstError(forecast, j + 1, transform));
      } else {
        float bounded = Math.min(error, MAX_ERROR_RATIO * updated[last]);
        updated[last] += ERROR_SMOOTHING * (bounded - updated[last]);
      }
      for (int k = 0; k < levels.size(); k++) {
        double below = shareBelow(forecast, j + 1, k, actual[j]);
        int index = j * width + k;
        double level = levels.get(k);
        double gradient = (level - below) / Math.sqrt(level * (1 - level));
        updated[index] = (float) Math.fma(rate * updated[last], gradient, updated[index]);
      }
    }
    shifts = updated;
    store.put(CalibrationKey.SHIFTS, updated);
  }

  /**
   * Returns the bound of the first error, so that an outlier does not set the step size for weeks.
   */
  private static float maxFirstError(Forecast forecast, int step, DoubleUnaryOperator transform) {
    double lowest = transform.applyAsDouble(forecast.value(step, 0));
    int last = forecast.quantileLevels().size() - 1;
    double width = transform.applyAsDouble(forecast.value(step, last)) - lowest;
    return width > 0 ? (float) (MAX_ERROR_RATIO * width) : Float.POSITIVE_INFINITY;
  }

  /**
   * Returns [y ≤ q], or for a value that equals several quantiles, as counts and values at a bound
   * do, the share of their levels that lies below level k.
   */
  private static double shareBelow(Forecast forecast, int step, int k, double value) {
    if (value != forecast.value(step, k)) {
      return value < forecast.value(step, k) ? 1 : 0;
    }
    List<Double> levels = forecast.quantileLevels();
    int first = k;
    int last = k;
    while (first > 0 && forecast.value(step, first - 1) == value) {
      first--;
    }
    while (last < levels.size() - 1 && forecast.value(step, last + 1) == value) {
      last++;
    }
    if (first == last) {
      return 1;
    }
    double from = first == 0 ? 0 : 0.5 * (levels.get(first - 1) + levels.get(first));
    double to = last == levels.size() - 1 ? 1 : 0.5 * (levels.get(last) + levels.get(last + 1));
    return (levels.get(k) - from) / (to - from);
  }
}
