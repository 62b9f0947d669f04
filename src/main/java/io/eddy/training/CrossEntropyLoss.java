package io.eddy.training;

import io.eddy.model.SoftmaxReadout;

/** Cross-entropy: −log p_y for the class y that came, whose gradient is p_k − [k = y]. */
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
    int came = (int) target;
    readout.read(raw, at, probabilities, 0);
    System.arraycopy(probabilities, 0, raw, at, classes);
    raw[at + came] -= 1;
    return -StrictMath.log(probabilities[came]);
  }
}
