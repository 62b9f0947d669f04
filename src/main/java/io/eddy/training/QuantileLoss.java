package io.eddy.training;

import io.eddy.model.QuantileReadout;
import io.eddy.model.Softplus;
import java.util.List;

/**
 * Pinball loss max(τe, (τ − 1)e), e = y − q_τ, averaged over the levels τ (R. Koenker and G.
 * Bassett, Regression quantiles, 1978). Gradients flow through the increments of {@link
 * QuantileReadout}.
 */
final class QuantileLoss implements Loss {
  private final int levels;
  private final int median;
  private final float[] taus;
  private final float[] ordered;
  private final QuantileReadout readout;

  QuantileLoss(List<Double> quantileLevels) {
    readout = new QuantileReadout(quantileLevels);
    levels = quantileLevels.size();
    median = readout.median();
    taus = new float[levels];
    for (int k = 0; k < levels; k++) {
      taus[k] = quantileLevels.get(k).floatValue();
    }
    ordered = new float[levels];
  }

  @Override
  public double apply(float[] raw, int at, float target) {
    readout.read(raw, at, ordered, 0);
    double loss = 0;
    float share = 1f / levels;
    float above = 0;
    for (int k = levels - 1; k > median; k--) {
      loss += pinball(k, target);
      above += gradient(k, target);
      raw[at + k] = share * above * Softplus.slope(raw[at + k]);
    }
    float below = 0;
    for (int k = 0; k < median; k++) {
      loss += pinball(k, target);
      below += gradient(k, target);
      raw[at + k] = -share * below * Softplus.slope(raw[at + k]);
    }
    loss += pinball(median, target);
    raw[at + median] = share * (above + below + gradient(median, target));
    return loss / levels;
  }

  private float pinball(int k, float y) {
    float error = y - ordered[k];
    return Math.max(taus[k] * error, (taus[k] - 1) * error);
  }

  private float gradient(int k, float y) {
    return y > ordered[k] ? -taus[k] : 1 - taus[k];
  }
}
