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
 *   q′_{j,k} = q_{j,k} + u_{j,k}·θ_{j,k},   u_{j,½} = e_j,   u_{j,k} = max(e_j, s_j)
 *   e_j ← e_j + α·(|y_j − q′_{j,½}| − e_j)               for each step ahead that was measured
 *   θ_{j,k} ← θ_{j,k} + γ·(τ_k − [y_j ≤ q′_{j,k}]) / √(τ_k·(1 − τ_k))
 * </pre>
 *
 * <p>Adaptive conformal inference in its quantile form (I. Gibbs and E. Candès, Adaptive conformal
 * inference under distribution shift, 2021; A. Angelopoulos, E. Candès and R. Tibshirani, Conformal
 * PID control, 2023). Each step ahead j is corrected separately. The correction is measured in the
 * mean absolute error e_j of the median, or in s_j, the mean absolute error of a normal
 * distribution between the lowest and the highest quantile before the correction, whichever is
 * larger. Intervals that are far too narrow are therefore corrected in few steps, those that are
 * far too wide as well, and a correction shrinks with the errors that it was learned from. One
 * error counts for at most {@value #MAX_ERROR_RATIO} times e_j. A quantile that crosses after the
 * correction becomes equal to the next one on the side of the median; sorting them would let one
 * quantile learn from the errors of another. For models with a log transform the correction applies
 * to the logarithms, so that values stay positive.
 *
 * <p>If a value equals several quantiles, [y ≤ q] is the share of their levels below τ, so that
 * quantiles of rare counts and at bounds do not drift.
 *
 * <p>The correction learns from the series' pending forecasts, about once in J steps. Used by one
 * thread.
 */
public final class Calibration {
  /** α; the first error is taken unchanged. */
  private static final float ERROR_SMOOTHING = 0.2f;

  private static final float MAX_ERROR_RATIO = 10;

  private final SeriesStore store;

  /** For each step ahead θ [K] and e; null if none are stored, or until they are read. */
  private float @Nullable [] shifts;

  private boolean isRead;

  /** Creates the calibration kept in a store; it is read on first use. */
  public Calibration(SeriesStore store) {
    this.store = store;
  }

  /** Returns θ [K] and e for each step ahead, not a copy; null if none of that size are stored. */
  private float @Nullable [] shifts(int size) {
    if (!isRead) {
      shifts = store.get(CalibrationKey.SHIFTS);
      isRead = true;
    }
    return shifts != null && shifts.length == size ? shifts : null;
  }

  /** Resets the correction to zero. */
  public void clear() {
    if (shifts != null || store.get(CalibrationKey.SHIFTS) != null) {
      store.delete(CalibrationKey.SHIFTS);
    }
    shifts = null;
    isRead = true;
  }

  /**
   * Corrects quantiles.
   *
   * @param values [J × K]; modified
   * @param levels of the quantiles [K]
   * @param precision of the values
   */
  public void correct(
      double[] values, CalibratedLevels levels, Transform transform, Precision precision) {
    int count = levels.count();
    float @Nullable [] shifts = shifts(values.length / count * (count + 1));
    for (int step = 0; step * count < values.length; step++) {
      int first = step * count;
      int firstShift = step * (count + 1);
      double error = shifts == null ? 0 : shifts[firstShift + count];
      if (shifts != null && error > 0) {
        double lowest = transform.apply(values[first]);
        double spread = (transform.apply(values[first + count - 1]) - lowest) / levels.width();
        for (int k = 0; k < count; k++) {
          double unit = k == levels.median() ? error : Math.max(error, spread);
          double corrected =
              Math.fma(unit, shifts[firstShift + k], transform.apply(values[first + k]));
          values[first + k] = precision.clip(transform.invert(corrected));
        }
      }
      uncross(values, first, first + levels.median(), first + count);
    }
  }

  /** Sets quantiles that cross equal to the next one on the side of the median. */
  private static void uncross(double[] values, int first, int median, int end) {
    for (int k = median + 1; k < end; k++) {
      values[k] = Math.max(values[k], values[k - 1]);
    }
    for (int k = median - 1; k >= first; k--) {
      values[k] = Math.min(values[k], values[k + 1]);
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
    float @Nullable [] present = shifts(actual.length * width);
    // Stored values are immutable.
    float[] updated = present == null ? new float[actual.length * width] : present.clone();
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
      float known = updated[last];
      float counted = Math.min(error, maxError(forecast, j + 1, known, transform));
      updated[last] = known == 0 ? counted : known + ERROR_SMOOTHING * (counted - known);
      for (int k = 0; k < levels.size(); k++) {
        double below = shareBelow(forecast, j + 1, k, actual[j]);
        int index = j * width + k;
        double level = levels.get(k);
        double gradient = (level - below) / Math.sqrt(level * (1 - level));
        updated[index] = (float) Math.fma(rate, gradient, updated[index]);
      }
    }
    shifts = updated;
    store.put(CalibrationKey.SHIFTS, updated);
  }

  /**
   * Returns the bound of an error, so that a first outlier does not set the step size for weeks.
   *
   * @param known e_j
   */
  private static float maxError(
      Forecast forecast, int step, float known, DoubleUnaryOperator transform) {
    double lowest = transform.applyAsDouble(forecast.value(step, 0));
    int last = forecast.quantileLevels().size() - 1;
    double width = transform.applyAsDouble(forecast.value(step, last)) - lowest;
    double largest = MAX_ERROR_RATIO * Math.max(known, width);
    return largest > 0 ? (float) largest : Float.POSITIVE_INFINITY;
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
