package io.eddy.model;

import java.util.List;

/**
 * Computes quantiles of a distribution from its mean and scale: q_τ = μ + σ·z_τ with μ = o_0 and σ
 * = s(o_1) + {@value #MIN_SCALE}, where s is {@link Softplus} and z_τ the quantile of the standard
 * form. Quantiles cannot cross, because z ascends.
 */
public final class DistributionReadout implements Readout {
  public static final float MIN_SCALE = 1e-3f;

  private final float[] standard;

  /** Creates a readout of a Gaussian or Student-t output. */
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

  /** Returns z_τ of each level [Q]; a copy. */
  public float[] standard() {
    return standard.clone();
  }

  /** Returns σ of the second raw output, in scaled units. */
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
