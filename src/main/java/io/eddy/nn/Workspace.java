package io.eddy.nn;

import io.eddy.nn.kernel.Frame;
import java.util.Arrays;

/**
 * Scratch space for the steps of one stack, used by one thread. The steps use the parameters that
 * the stack had when the workspace was created.
 */
public final class Workspace {
  final Frame frame;

  /** Products of each layer. */
  final LayerProducts[] products;

  /** (x, h') of a layer [D + H]. */
  final float[] inputs;

  /** Input products, then activated gates [G·H]. */
  final float[] a;

  /** Recurrent products [G·H]. */
  final float[] r;

  /** Scratch space of a step that computes products and cell together [H]. */
  final float[] hidden;

  /** Hidden state of the top layer [H]. */
  final float[] output;

  /**
   * Creates scratch space.
   *
   * @param products of each layer
   * @param inputSize largest D + H of a layer
   * @param hiddenSize largest H of a layer
   * @param outputSize H of the top layer
   */
  Workspace(LayerProducts[] products, int inputSize, int hiddenSize, int outputSize) {
    this.products = products;
    frame = new Frame(hiddenSize);
    inputs = new float[inputSize];
    int sums = Arrays.stream(products).mapToInt(LayerProducts::outputSize).max().orElseThrow();
    a = new float[sums];
    r = new float[sums];
    hidden = new float[hiddenSize];
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
