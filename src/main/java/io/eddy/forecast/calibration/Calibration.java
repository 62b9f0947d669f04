package io.eddy.forecast.calibration;

import io.eddy.forecast.Forecast;
import io.eddy.model.Transform;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * By how much a series' quantiles are moved so that they keep their promise: that a share τ of what
 * comes lies at or below the quantile of level τ.
 *
 * <pre>
 *   q′_{j,k} = q_{j,k} + θ_{j,k}
 *   e_j ← e_j + α·(|y_j − q′_{j,½}| − e_j)               for each step ahead that was measured
 *   θ_{j,k} ← θ_{j,k} + γ·e_j·(τ_k − [y_j ≤ q′_{j,k}]) / √(τ_k·(1 − τ_k))
 * </pre>
 *
 * <p>Adaptive conformal inference in its form for quantiles (I. Gibbs and E. Candès, Adaptive
 * conformal inference under distribution shift, 2021; A. Angelopoulos, E. Candès and R. Tibshirani,
 * Conformal PID control, 2023), for every step ahead by itself, by steps whose size follows what
 * the median errs there; an error counts for at most {@value #MOST} times their mean. To measure
 * them by the forecast's own spread would let one that was too sure of itself move those that are
 * not. Quantiles that cross by it are put in order. Of a model over logarithms all that is done to
 * their logarithms, so that amounts stay above 0.
 *
 * <p>It learns from the series' trial, once in about J steps. Used by one thread.
 */
public final class Calibration {
  /** α; the first error is taken as it is. */
  private static final float FORGETTING = 0.1f;

  private static final float MOST = 10;

  private final Store store;
  private float @Nullable [] shifts;

  /** Where what was learnt of one series is kept. */
  public interface Store {
    /** For each step ahead θ [K] and e, or null where nothing was written. */
    float @Nullable [] readShifts();

    /** Keeps them; null forgets them. */
    void writeShifts(float @Nullable [] shifts);
  }

  /** The calibration that a store holds; it is read when it is asked for. */
  public Calibration(Store store) {
    this.store = store;
  }

  /** For each step ahead θ [K] and e; not a copy. Those of another size are zero. */
  private float[] shifts(int size) {
    if (shifts == null) {
      shifts = store.readShifts();
    }
    if (shifts == null || shifts.length != size) {
      shifts = new float[size];
    }
    return shifts;
  }

  /** The same, whose changes this one does not see. */
  public Calibration aside() {
    InMemoryCalibrationShifts copied = new InMemoryCalibrationShifts();
    float[] known = shifts == null ? store.readShifts() : shifts;
    copied.writeShifts(known == null ? null : known.clone());
    return new Calibration(copied);
  }

  /** Forgets what was learnt. */
  public void clear() {
    if (shifts != null || store.readShifts() != null) {
      store.writeShifts(null);
    }
    shifts = null;
  }

  /**
   * Moves quantiles.
   *
   * @param values [J × K]; modified
   */
  public void correct(float[] values, int levels, Transform transform) {
    float[] by = shifts(values.length / levels * (levels + 1));
    for (int step = 0; step * levels < values.length; step++) {
      int first = step * levels;
      for (int k = 0; k < levels; k++) {
        float shift = by[step * (levels + 1) + k];
        int place = first + k;
        float moved = values[place];
        if (shift != 0) {
          double value = transform.invert(transform.apply(moved) + shift);
          moved = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
        }
        while (place > first && values[place - 1] > moved) {
          values[place] = values[place - 1];
          place--;
        }
        values[place] = moved;
      }
    }
  }

  /**
   * Learns from a forecast that was met.
   *
   * @param actual what came, [J], NaN where nothing was measured
   * @param rate γ
   * @param transform of the series' values
   */
  public void learn(
      Forecast forecast, double[] actual, double rate, DoubleUnaryOperator transform) {
    List<Double> levels = forecast.quantileLevels();
    int width = levels.size() + 1;
    float[] by = shifts(actual.length * width);
    for (int j = 0; j < actual.length; j++) {
      if (Double.isNaN(actual[j])) {
        continue;
      }
      float size =
          (float)
              Math.abs(
                  transform.applyAsDouble(actual[j])
                      - transform.applyAsDouble(forecast.median(j + 1)));
      int last = j * width + width - 1;
      by[last] =
          by[last] == 0
              ? size
              : by[last] + FORGETTING * (Math.min(size, MOST * by[last]) - by[last]);
      for (int k = 0; k < levels.size(); k++) {
        int below = actual[j] <= forecast.value(j + 1, k) ? 1 : 0;
        int at = j * width + k;
        double level = levels.get(k);
        double surprise = (level - below) / Math.sqrt(level * (1 - level));
        by[at] = (float) Math.fma(rate * by[last], surprise, by[at]);
      }
    }
    store.writeShifts(by.clone());
  }
}
