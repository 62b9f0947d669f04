package io.eddy.training;

import io.eddy.model.DistributionReadout;
import io.eddy.model.Softplus;

/**
 * Negative log-likelihood of a normal distribution without its constant: log σ + ½z², z = (y −
 * μ)/σ.
 */
final class GaussianLoss implements Loss {
  @Override
  public double apply(float[] raw, int at, float target) {
    float scale = DistributionReadout.scale(raw[at + 1]);
    float z = (target - raw[at]) / scale;
    raw[at] = -z / scale;
    raw[at + 1] = (1 - z * z) / scale * Softplus.slope(raw[at + 1]);
    return StrictMath.log(scale) + 0.5f * z * z;
  }
}
