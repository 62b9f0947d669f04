package io.eddy.model;

/**
 * Probabilities of K classes: p_k = exp(o_k − m) / Σ_i exp(o_i − m), m the largest of the o, summed
 * in the order of the classes.
 */
public final class SoftmaxReadout implements Readout {
  private final int classes;

  public SoftmaxReadout(int classes) {
    this.classes = classes;
  }

  @Override
  public void read(float[] raw, int from, float[] values, int at) {
    float largest = largest(raw, from);
    float sum = 0;
    for (int k = 0; k < classes; k++) {
      values[at + k] = Exponential.value(raw[from + k] - largest);
      sum += values[at + k];
    }
    for (int k = 0; k < classes; k++) {
      values[at + k] /= sum;
    }
  }

  private float largest(float[] raw, int from) {
    float largest = raw[from];
    for (int k = 1; k < classes; k++) {
      largest = Math.max(largest, raw[from + k]);
    }
    return largest;
  }
}
