package io.eddy.nn;

import io.eddy.nn.kernel.DiagonalTransition;
import io.eddy.nn.kernel.Frame;

/** Scratch space for the steps of one stack, used by one thread. */
public final class Workspace {
  final Frame frame;

  /** Input products, then activated gates [G·H]. */
  final float[] a;

  /** Recurrent products [G·H]. */
  final float[] r;

  /** The transition of each layer; of size 0 if the cells have none. */
  final DiagonalTransition[] transitions;

  /** Hidden state of the top layer [H]. */
  final float[] output;

  Workspace(int gates, int hiddenSize, DiagonalTransition[] transitions, int outputSize) {
    frame = new Frame(hiddenSize);
    a = new float[gates];
    r = new float[gates];
    this.transitions = transitions;
    output = new float[outputSize];
  }

  /**
   * Returns the hidden state of the top layer after the last step, [H]. The next step overwrites
   * it.
   */
  public float[] output() {
    return output;
  }
}
