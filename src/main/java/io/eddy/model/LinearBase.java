package io.eddy.model;

import io.eddy.cell.Linear;
import io.eddy.series.Window;
import org.ejml.data.FMatrixRMaj;

/**
 * The linear forecast that a net corrects: of the last L values, each less the last one.
 *
 * <pre>
 *   b_{t+j} = z_t + unit_t · Σ_{k=1…L−1} w_{j,k} · (z_{t−k} − z_t) / unit_t
 * </pre>
 *
 * z are the transformed values. To take the last value away and add it again is NLinear (A. Zeng et
 * al., Are transformers effective for time series forecasting?, 2023). What lies before the series
 * began is taken from the same time of the season, or is its first value. Immutable and shared.
 */
public final class LinearBase {
  private static final double CLIP = 1e4;

  private final Linear linear;

  /**
   * A base of the given weights.
   *
   * @param weight [J, L − 1]
   */
  public LinearBase(FMatrixRMaj weight) {
    linear = Linear.of(weight, new float[weight.numRows]);
  }

  /** [J, L − 1]; a copy. */
  public FMatrixRMaj weight() {
    return linear.weight();
  }

  /** Σ of the formula for every step ahead [J], in units; {@code ahead} is modified. */
  void apply(SeriesPast past, Scaling scaling, float[] features, float[] ahead) {
    features(past, scaling, features);
    linear.apply(features, 0, ahead);
  }

  /** L − 1. */
  public int features() {
    return linear.inputSize();
  }

  /**
   * (z_{t−k} − z_t) / unit_t for k from 1 on.
   *
   * @param past at least one step
   * @param features [L − 1]; modified
   */
  public static void features(SeriesPast past, Scaling scaling, float[] features) {
    Window window = past.window();
    double unit = past.unit(scaling);
    double last = past.transformed(window.value(0), scaling);
    int known = window.size();
    int season = scaling.base().seasonSteps();
    for (int k = 1; k <= features.length; k++) {
      if (k < known) {
        double difference = past.transformed(window.value(k), scaling) - last;
        features[k - 1] = clipped(difference / unit);
      } else {
        int lag = season > 0 && season <= known ? k - season : known - 1;
        features[k - 1] = lag == 0 ? 0 : features[lag - 1];
      }
    }
  }

  /**
   * A difference in units within ±{@value #CLIP}: of series that hardly ever err it is large, and
   * to cut it off sooner would bend what is linear.
   */
  public static float clipped(double difference) {
    return (float) Math.max(-CLIP, Math.min(CLIP, difference));
  }
}
