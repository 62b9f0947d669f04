package io.eddy.model;

import java.util.List;

/**
 * Quantiles of a distribution whose mean and scale are forecast: q_τ = μ + σ·z_τ with μ = o_0 and σ
 * = s(o_1) + {@value #MIN_SCALE}, s being {@link Softplus}; z_τ, the quantile of the standard form,
 * is computed once for each level. They cannot cross, since z ascends.
 */
public final class DistributionReadout implements Readout {
  public static final float MIN_SCALE = 1e-3f;

  private final float[] standard;

  /** A Gaussian's or a Student-t's. */
  public DistributionReadout(ModelSpecification.Output output) {
    List<Double> levels = output.quantileLevels();
    standard = new float[levels.size()];
    for (int k = 0; k < standard.length; k++) {
      standard[k] =
          (float)
              (output.head() == HeadKind.GAUSSIAN
                  ? StandardQuantile.gaussian(levels.get(k))
                  : StandardQuantile.studentT(levels.get(k)));
    }
  }

  /** z_τ of each level; a copy. */
  public float[] standard() {
    return standard.clone();
  }

  /** σ of the second raw output, in scaled units. */
  public static float scale(float raw) {
    return Softplus.value(raw) + MIN_SCALE;
  }

  @Override
  public void read(float[] raw, int from, float[] values, int at) {
    float mean = raw[from];
    float scale = scale(raw[from + 1]);
    for (int k = 0; k < standard.length; k++) {
      values[at + k] = Math.fma(scale, standard[k], mean);
    }
  }
}
