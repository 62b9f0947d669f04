package io.eddy.training;

import io.eddy.model.DistributionReadout;
import io.eddy.model.Softplus;

/**
 * Negative log-likelihood of Student's t distribution with ν = 4, without its constant: log σ + ½(ν
 * + 1)·log(1 + z²/ν), z = (y − μ)/σ.
 */
final class StudentTLoss implements Loss {
  private static final float DEGREES_OF_FREEDOM = 4;

  @Override
  public double apply(float[] raw, int at, float target) {
    float scale = DistributionReadout.scale(raw[at + 1]);
    float z = (target - raw[at]) / scale;
    float share = (DEGREES_OF_FREEDOM + 1) / Math.fma(z, z, DEGREES_OF_FREEDOM);
    raw[at] = -share * z / scale;
    raw[at + 1] = (1 - share * z * z) / scale * Softplus.slope(raw[at + 1]);
    return StrictMath.log(scale)
        + 0.5f * (DEGREES_OF_FREEDOM + 1) * StrictMath.log(1 + z * z / DEGREES_OF_FREEDOM);
  }
}
