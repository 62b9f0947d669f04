package io.eddy.model;

import java.util.List;

/**
 * Quantiles of negative binomial distributions: counts of mean μ and variance μ + φ·μ² with the
 * dispersion φ.
 *
 * <pre>
 *   P(0) = (1 + φμ)^(−1/φ),   P(k + 1) = P(k) · (k + 1/φ) / (k + 1) · φμ / (1 + φμ)
 * </pre>
 *
 * <p>The quantile of level τ is the least count k with P(0) + … + P(k) ≥ τ, but at most {@value
 * #MAX_TERMS}. Above a mean of {@value #MAX_EXACT_MEAN} it is that of the gamma distribution with
 * the same mean and variance, by the cube root transform (E. Wilson and M. Hilferty, The
 * distribution of chi-square, 1931), so that the cost is bounded. Immutable and shared.
 */
public final class NegativeBinomial {
  /** Least dispersion; below, the distribution is nearly that of Poisson. */
  public static final float MIN_DISPERSION = 1e-3f;

  private static final double MAX_EXACT_MEAN = 500;
  private static final int MAX_TERMS = 50_000;

  private final double[] levels;
  private final double[] standard;

  /** Creates the quantiles of ascending levels. */
  public NegativeBinomial(List<Double> quantileLevels) {
    levels = quantileLevels.stream().mapToDouble(level -> level).toArray();
    standard = quantileLevels.stream().mapToDouble(StandardQuantile::gaussian).toArray();
  }

  /**
   * Computes the quantiles.
   *
   * @param mean μ, at least 0
   * @param dispersion φ, at least {@link #MIN_DISPERSION}
   * @param values set to the quantiles [Q], from {@code at} on
   */
  public void quantiles(double mean, double dispersion, float[] values, int at) {
    if (mean > MAX_EXACT_MEAN) {
      approximate(mean, dispersion, values, at);
      return;
    }
    double ratio = dispersion * mean / (1 + dispersion * mean);
    double size = 1 / dispersion;
    double probability = Logarithm.exp(-size * Logarithm.log(1 + dispersion * mean));
    double sum = probability;
    int count = 0;
    for (int k = 0; k < levels.length; k++) {
      while (sum < levels[k] && count < MAX_TERMS) {
        probability *= (count + size) / (count + 1) * ratio;
        sum += probability;
        count++;
      }
      values[at + k] = count;
    }
  }

  private void approximate(double mean, double dispersion, float[] values, int at) {
    double shape = mean / (1 + dispersion * mean);
    for (int k = 0; k < levels.length; k++) {
      double root = Math.max(0, 1 - 1 / (9 * shape) + standard[k] / (3 * Math.sqrt(shape)));
      values[at + k] = (float) Math.rint(mean * root * root * root);
    }
  }
}
