package io.eddy.training;

import io.eddy.model.SoftmaxReadout;

/** Cross-entropy −log p_y of the observed class y. Its gradient is p_k − [k = y]. */
final class CrossEntropyLoss implements Loss {
  private final int classes;
  private final SoftmaxReadout readout;
  private final float[] probabilities;

  CrossEntropyLoss(int classes) {
    this.classes = classes;
    readout = new SoftmaxReadout(classes);
    probabilities = new float[classes];
  }

  @Override
  public double apply(float[] raw, int at, float target) {
    int observed = (int) target;
    readout.read(raw, at, probabilities, 0);
    System.arraycopy(probabilities, 0, raw, at, classes);
    raw[at + observed] -= 1;
    return -StrictMath.log(probabilities[observed]);
  }
}
