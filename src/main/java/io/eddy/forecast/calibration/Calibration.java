package io.eddy.forecast.calibration;

import io.eddy.forecast.Forecast;
import io.eddy.model.Precision;
import io.eddy.model.Transform;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Adaptive conformal correction of a series' quantiles, so that a share τ of the values lies at or
 * below the quantile of level τ.
 *
 * <pre>
 *   q′_{j,k} = q_{j,k} + u_{j,k}·θ_{g,k},   u_{j,½} = e_g,   u_{j,k} = max(e_g, s_j)
 *   e_g ← e_g + α·(mean_j |y_j − q′_{j,½}| − e_g)
 *   θ_{g,k} ← θ_{g,k} + γ·mean_j (τ_k − [y_j ≤ q′_{j,k}]) / √(τ_k·(1 − τ_k))
 * </pre>
 *
 * <p>Adaptive conformal inference in its quantile form (I. Gibbs and E. Candès, Adaptive conformal
 * inference under distribution shift, 2021; A. Angelopoulos, E. Candès and R. Tibshirani, Conformal
 * PID control, 2023). The steps ahead j of a group g share a correction: step 1, steps 2 and 3, 4
 * to 7, and so on in powers of 2. It therefore takes O(log J) numbers, which are part of the
 * series' state record. The means are over the steps of the group that were measured. The
 * correction is measured in the mean absolute error e_g of the median, or in s_j, the mean absolute
 * error of a normal distribution between the lowest and the highest quantile before the correction,
 * whichever is larger. Intervals that are far too narrow are therefore corrected in few steps,
 * those that are far too wide as well, and a correction shrinks with the errors that it was learned
 * from. One error counts for at most {@value #MAX_ERROR_RATIO} times e_g. A quantile that crosses
 * after the correction becomes equal to the next one on the side of the median; sorting them would
 * let one quantile learn from the errors of another. For models with a log transform the correction
 * applies to the logarithms, so that values stay positive.
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

  private static final float[] NONE = {};

  /** For each group θ [K] and e; empty before the first matured forecast. Never modified. */
  private float[] shifts = NONE;

  /** Creates a correction of zero. */
  public Calibration() {}

  /** Returns an independent copy. */
  public Calibration copy() {
    Calibration copy = new Calibration();
    copy.shifts = shifts;
    return copy;
  }

  /** Returns the group of a step ahead, from 1: the position of its highest bit. */
  private static int groupOf(int step) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(step);
  }

  /** Resets the correction to zero. */
  public void clear() {
    shifts = NONE;
  }

  /** Returns the number of bytes that {@link #put} writes. */
  public int bytes() {
    return Float.BYTES * shifts.length;
  }

  /** Writes the correction as big-endian floats: for each group θ [K] and e. */
  public void put(ByteBuffer bytes) {
    for (float shift : shifts) {
      bytes.putFloat(shift);
    }
  }

  /**
   * Reads a correction.
   *
   * @param size number of bytes
   */
  public void get(ByteBuffer bytes, int size) {
    shifts = size == 0 ? NONE : new float[size / Float.BYTES];
    for (int i = 0; i < shifts.length; i++) {
      shifts[i] = bytes.getFloat();
    }
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
    for (int step = 1; step * count <= values.length; step++) {
      int first = (step - 1) * count;
      int firstShift = groupOf(step) * (count + 1);
      double error = shifts.length == 0 ? 0 : shifts[firstShift + count];
      if (error > 0) {
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

  /**
   * Sets quantiles that cross equal to the next one on the side of the median. Quantiles that
   * ascend strictly, which they nearly always do, are only compared.
   */
  private static void uncross(double[] values, int first, int median, int end) {
    for (int k = median + 1; k < end; k++) {
      if (!(values[k] > values[k - 1])) {
        values[k] = Math.max(values[k], values[k - 1]);
      }
    }
    for (int k = median - 1; k >= first; k--) {
      if (!(values[k] < values[k + 1])) {
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
    int width = forecast.quantileLevels().size() + 1;
    int groups = groupOf(actual.length) + 1;
    float[] updated = Arrays.copyOf(shifts, groups * width);
    for (int g = 0; g < groups; g++) {
      int first = 1 << g;
      int end = Math.min(2 * first, actual.length + 1);
      learn(forecast, actual, new Group(first, end, g * width), rate, transform, updated);
    }
    shifts = updated;
  }

  /**
   * Steps ahead that share a correction.
   *
   * @param first first step ahead
   * @param end step after the last one
   * @param shift index of their first shift
   */
  private record Group(int first, int end, int shift) {}

  private static void learn(
      Forecast forecast,
      double[] actual,
      Group group,
      double rate,
      DoubleUnaryOperator transform,
      float[] updated) {
    List<Double> levels = forecast.quantileLevels();
    int ofError = group.shift() + levels.size();
    float known = updated[ofError];
    double errors = 0;
    int measured = 0;
    for (int step = group.first(); step < group.end(); step++) {
      if (!Double.isNaN(actual[step - 1])) {
        double value = transform.applyAsDouble(actual[step - 1]);
        float error = (float) Math.abs(value - transform.applyAsDouble(forecast.median(step)));
        errors += Math.min(error, maxError(forecast, step, known, transform));
        measured++;
      }
    }
    if (measured == 0) {
      return;
    }
    float error = (float) (errors / measured);
    updated[ofError] = known == 0 ? error : known + ERROR_SMOOTHING * (error - known);
    for (int k = 0; k < levels.size(); k++) {
      double below = 0;
      for (int step = group.first(); step < group.end(); step++) {
        double value = actual[step - 1];
        below += Double.isNaN(value) ? 0 : shareBelow(forecast, step, k, value);
      }
      double level = levels.get(k);
      double gradient = (level - below / measured) / Math.sqrt(level * (1 - level));
      int index = group.shift() + k;
      updated[index] = (float) Math.fma(rate, gradient, updated[index]);
    }
  }

  /**
   * Returns the bound of an error, so that a first outlier does not set the step size for weeks.
   *
   * @param known e_g
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
