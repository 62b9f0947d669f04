package io.eddy.nn;

import io.eddy.nn.kernel.Frame;

/** Scratch space of one thread for the steps of one stack. */
public final class Workspace {
  final Frame frame;
  final float[] a;
  final float[] r;
  final float[] output;

  Workspace(int gates, int hiddenSize, int outputSize) {
    frame = new Frame(hiddenSize);
    a = new float[gates];
    r = new float[gates];
    output = new float[outputSize];
  }

  /** Hidden state of the top layer after the last step, [H]; overwritten by the next. */
  public float[] output() {
    return output;
  }
}
