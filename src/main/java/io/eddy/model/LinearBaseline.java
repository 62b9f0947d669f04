package io.eddy.model;

import io.eddy.nn.Linear;
import io.eddy.series.TimeOfYear;
import io.eddy.series.Window;
import org.ejml.data.FMatrixRMaj;

/**
 * Linear model of the last L values, relative to the last one.
 *
 * <pre>
 *   b_{t+j} = z_t + unit_t · (Σ_{k=1…L−1} w_{j,k} · (z_{t−k} − z_t) / unit_t + year_{t,j})
 *   year_{t,j} = Y · (w_{j,L} + w_{j,L+1} · sin 2πφ_t + w_{j,L+2} · cos 2πφ_t)
 * </pre>
 *
 * z are the transformed values, moved by the shifts of the level since then. year is 0 unless the
 * baseline takes the {@linkplain TimeOfYear time of the year} φ; it is the change of the level in j
 * steps at that time of the year. Subtracting the last value and adding it again is NLinear (A.
 * Zeng et al., Are transformers effective for time series forecasting?, 2023). Values before the
 * begin of the series are those of the same time of the season, or else the first value. Immutable
 * and shared.
 */
public final class LinearBaseline {
  private static final double MAX_FEATURE = 1e4;

  /** Y: large enough that the ridge penalty hardly shrinks the weights of the year. */
  private static final float YEAR_SCALE = 10;

  private final Linear linear;

  /**
   * Creates a model of the given weights.
   *
   * @param weight [J, {@link BaselineSpec#featureCount}]
   */
  public LinearBaseline(FMatrixRMaj weight) {
    linear = Linear.of(weight, new float[weight.numRows]);
  }

  /** Returns the weights [J, F]; a copy. */
  public FMatrixRMaj weight() {
    return linear.weight();
  }

  /** Writes (b_{t+j} − z_t) / unit_t of every step ahead into {@code forecast} [J]. */
  void apply(SeriesPast past, long originMs, Scaling scaling, float[] features, float[] forecast) {
    writeFeatures(past, originMs, scaling, features);
    linear.apply(features, 0, forecast);
  }

  /** F: number of features. */
  public int featureCount() {
    return linear.inputSize();
  }

  /**
   * Writes (z_{t−k} − z_t) / unit_t for k from 1 to L − 1, then the time of the year.
   *
   * @param past at least one step
   * @param originMs start of its last step, in epoch milliseconds
   * @param features [{@link BaselineSpec#featureCount}]; modified
   */
  public static void writeFeatures(
      SeriesPast past, long originMs, Scaling scaling, float[] features) {
    BaselineSpec baseline = scaling.baseline();
    if (baseline.isYearly()) {
      TimeOfYear.write(originMs, YEAR_SCALE, features, baseline.lookBack() - 1);
    }
    Window window = past.window();
    double unit = past.unit(scaling);
    double last = past.transformedAt(0, scaling);
    int known = window.size();
    int season = baseline.seasonSteps();
    for (int k = 1; k < baseline.lookBack(); k++) {
      if (k < known) {
        double difference = past.transformedAt(k, scaling) - last;
        features[k - 1] = clip(difference / unit);
      } else {
        int lag = season > 0 && season <= known ? k - season : known - 1;
        features[k - 1] = lag == 0 ? 0 : features[lag - 1];
      }
    }
  }

  /**
   * Clips a difference in units to ±{@value #MAX_FEATURE}. The bound is wide because differences
   * are large where the unit is small, and clipping makes the model non-linear.
   */
  public static float clip(double difference) {
    return (float) Math.max(-MAX_FEATURE, Math.min(MAX_FEATURE, difference));
  }
}
