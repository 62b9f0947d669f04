package io.eddy.model;

import io.eddy.nn.Linear;
import io.eddy.series.TimeOfYear;
import io.eddy.series.Window;
import org.ejml.data.FMatrixRMaj;

/**
 * The linear forecast that a net corrects: of the last L values, each less the last one.
 *
 * <pre>
 *   b_{t+j} = z_t + unit_t · (Σ_{k=1…L−1} w_{j,k} · (z_{t−k} − z_t) / unit_t + year_{t,j})
 *   year_{t,j} = Y · (w_{j,L} + w_{j,L+1} · sin 2πφ_t + w_{j,L+2} · cos 2πφ_t)
 * </pre>
 *
 * year is 0 but where the base knows the {@linkplain TimeOfYear time of the year} φ: what the level
 * then moves by in j steps, as it does with the weather. z are the transformed values. To take the
 * last value away and add it again is NLinear (A. Zeng et al., Are transformers effective for time
 * series forecasting?, 2023). What lies before the series began is taken from the same time of the
 * season, or is its first value. Immutable and shared.
 */
public final class LinearBaseline {
  private static final double CLIP = 1e4;

  /** Y, so large that a ridge hardly draws those weights to 0. */
  private static final float YEAR = 10;

  private final Linear linear;

  /**
   * A base of the given weights.
   *
   * @param weight [J, {@link BaselineSpec#featureCount}]
   */
  public LinearBaseline(FMatrixRMaj weight) {
    linear = Linear.of(weight, new float[weight.numRows]);
  }

  /** [J, {@link #featureCount}]; a copy. */
  public FMatrixRMaj weight() {
    return linear.weight();
  }

  /** What the formula adds to z_t for every step ahead [J], in units; {@code ahead} is modified. */
  void apply(SeriesPast past, long originMs, Scaling scaling, float[] features, float[] ahead) {
    writeFeatures(past, originMs, scaling, features);
    linear.apply(features, 0, ahead);
  }

  /** Numbers that it sees. */
  public int featureCount() {
    return linear.inputSize();
  }

  /**
   * (z_{t−k} − z_t) / unit_t for k from 1 on, and the time of the year.
   *
   * @param past at least one step
   * @param originMs start of the last of them, in milliseconds since 1970
   * @param features [{@link BaselineSpec#featureCount}]; modified
   */
  public static void writeFeatures(
      SeriesPast past, long originMs, Scaling scaling, float[] features) {
    BaselineSpec baseline = scaling.baseline();
    if (baseline.isYearly()) {
      TimeOfYear.write(originMs, YEAR, features, baseline.lookBack() - 1);
    }
    Window window = past.window();
    double unit = past.unit(scaling);
    double last = past.transformed(window.value(0), scaling);
    int known = window.size();
    int season = baseline.seasonSteps();
    for (int k = 1; k < baseline.lookBack(); k++) {
      if (k < known) {
        double difference = past.transformed(window.value(k), scaling) - last;
        features[k - 1] = clip(difference / unit);
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
  public static float clip(double difference) {
    return (float) Math.max(-CLIP, Math.min(CLIP, difference));
  }
}
