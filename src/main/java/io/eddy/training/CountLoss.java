package io.eddy.training;

import io.eddy.model.CountReadout;
import io.eddy.model.Softplus;

/**
 * Negative log-likelihood of a negative binomial distribution with mean μ and variance μ + φ·μ²,
 * without log y!. With r = 1/φ:
 *
 * <pre>
 *   −log p = log Γ(r) − log Γ(y + r) + (y + r)·log(1 + φμ) − y·log(φμ)
 *   ∂/∂μ = (μ − y) / (μ·(1 + φμ))
 *   ∂/∂φ = (ψ(y + r) − ψ(r) − log(1 + φμ)) / φ² + (μ − y) / (φ·(1 + φμ))
 * </pre>
 */
final class CountLoss implements Loss {
  private double rate = 1;

  @Override
  public void setRate(float rate) {
    this.rate = rate;
  }

  @Override
  public double apply(float[] raw, int at, float target) {
    double y = Math.max(0, target);
    double mean = rate * CountReadout.mean(raw[at]);
    double dispersion = CountReadout.dispersion(raw[at + 1]);
    double size = 1 / dispersion;
    double spread = 1 + dispersion * mean;
    double logSpread = StrictMath.log(spread);
    double byMean = (mean - y) / (mean * spread);
    double byDispersion =
        (Gamma.digamma(y + size) - Gamma.digamma(size) - logSpread) * size * size
            + (mean - y) / (dispersion * spread);
    double loss =
        Gamma.log(size)
            - Gamma.log(y + size)
            + (y + size) * logSpread
            - y * StrictMath.log(dispersion * mean);
    raw[at] = (float) (byMean * rate * Softplus.slope(raw[at] + CountReadout.MEAN_OFFSET));
    raw[at + 1] =
        (float) (byDispersion * Softplus.slope(raw[at + 1] + CountReadout.DISPERSION_OFFSET));
    return loss;
  }
}
