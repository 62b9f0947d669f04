package io.eddy.model;

/**
 * Computes probabilities of K classes: p_k = exp(o_k − m) / Σ_i exp(o_i − m), where m is the
 * maximum of o. Sums are in the order of the classes.
 */
public final class SoftmaxReadout implements Readout {
  private final int classes;

  public SoftmaxReadout(int classes) {
    this.classes = classes;
  }

  @Override
  public void read(float[] raw, int from, float[] values, int at) {
    float max = max(raw, from);
    float sum = 0;
    for (int k = 0; k < classes; k++) {
      values[at + k] = Exponential.value(raw[from + k] - max);
      sum += values[at + k];
    }
    for (int k = 0; k < classes; k++) {
      values[at + k] /= sum;
    }
  }

  private float max(float[] raw, int from) {
    float max = raw[from];
    for (int k = 1; k < classes; k++) {
      max = Math.max(max, raw[from + k]);
    }
    return max;
  }
}
