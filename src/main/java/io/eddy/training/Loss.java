package io.eddy.training;

import io.eddy.model.Head;
import io.eddy.model.ModelSpecification;

/**
 * Loss of the head's raw outputs against scaled targets, with its gradient.
 *
 * <p>Quantiles: the pinball loss max(τe, (τ − 1)e), e = y − q_τ, averaged over the levels (R.
 * Koenker and G. Bassett, Regression quantiles, 1978). Point: ½e². Targets are clipped to ±{@value
 * #CLIP} scales, so that one absurd measurement does not rule the gradient.
 */
final class Loss {
  private static final float CLIP = 50;

  private final int levels;
  private final int median;
  private final boolean isPoint;
  private final float[] taus;
  private final float[] ordered;

  Loss(ModelSpecification.Output output) {
    levels = output.valuesPerStep();
    median = Head.medianIndex(output.quantileLevels());
    isPoint = output.isPoint();
    taus = new float[levels];
    for (int k = 0; k < output.quantileLevels().size(); k++) {
      taus[k] = output.quantileLevels().get(k).floatValue();
    }
    ordered = new float[levels];
  }

  /**
   * Loss of one step ahead.
   *
   * @param raw outputs [Q] from {@code at} on; become their gradient times {@code weight}
   * @param target scaled
   * @return the loss, unweighted
   */
  double apply(float[] raw, int at, float target, float weight) {
    float y = Math.max(-CLIP, Math.min(CLIP, target));
    if (isPoint) {
      float error = raw[at] - y;
      raw[at] = weight * error;
      return 0.5 * error * error;
    }
    System.arraycopy(raw, at, ordered, 0, levels);
    Head.order(ordered, median, levels);
    double loss = 0;
    float share = weight / levels;
    float above = 0;
    for (int k = levels - 1; k > median; k--) {
      loss += pinball(k, y);
      above += gradient(k, y);
      raw[at + k] = share * above * Head.softplusSlope(raw[at + k]);
    }
    float below = 0;
    for (int k = 0; k < median; k++) {
      loss += pinball(k, y);
      below += gradient(k, y);
      raw[at + k] = -share * below * Head.softplusSlope(raw[at + k]);
    }
    loss += pinball(median, y);
    raw[at + median] = share * (above + below + gradient(median, y));
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
