package io.eddy.model;

/**
 * Computes the quantiles of counts as those of a {@link NegativeBinomial} distribution, with the
 * mean μ = rate·s(o_0 + {@value #MEAN_OFFSET}) and the dispersion φ = s(o_1 {@value
 * #DISPERSION_OFFSET}) + 0.001, where s is {@link Softplus} and s({@value #MEAN_OFFSET}) = 1. The
 * rate is about the level of the series (D. Salinas et al., DeepAR, 2020), so there is no baseline:
 * the last counts say little of the next ones.
 */
public final class CountReadout implements Readout {
  public static final float MEAN_OFFSET = 0.75f;
  public static final float DISPERSION_OFFSET = -1;

  private final NegativeBinomial distribution;

  CountReadout(ModelSpecification.Output output) {
    distribution = new NegativeBinomial(output.quantileLevels());
  }

  /** Returns μ at a rate of 1. */
  public static float mean(float raw) {
    return Softplus.value(raw + MEAN_OFFSET);
  }

  /** Returns φ. */
  public static float dispersion(float raw) {
    return Softplus.value(raw + DISPERSION_OFFSET) + NegativeBinomial.MIN_DISPERSION;
  }

  /** Computes the quantiles at a rate of 1. */
  @Override
  public void read(float[] raw, int from, float[] values, int at) {
    read(raw, from, 1, values, at);
  }

  /** Computes the quantiles of one step, and returns the mean. */
  double read(float[] raw, int from, double rate, float[] values, int at) {
    double mean = rate * mean(raw[from]);
    distribution.quantiles(mean, dispersion(raw[from + 1]), values, at);
    return mean;
  }
}
