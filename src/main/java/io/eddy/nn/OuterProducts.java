package io.eddy.nn;

import io.eddy.nn.kernel.RowMatrix;
import java.util.Arrays;

/**
 * Collects factors of the parameters' gradients over several steps, so that each gradient is loaded
 * and stored once per block. The order of summation is that of the steps.
 */
final class OuterProducts {
  /**
   * Number of lanes, over all steps of a block. Small enough for the gate gradients to stay in the
   * cache.
   */
  private static final int BLOCK_LANES = 32;

  private final int lanes;
  private final int inputSize;
  private final float[][] inputs;
  private final float[][] reads;
  private final float[][] a;
  private final float[][] r;
  private int count;

  OuterProducts(int lanes, int inputSize, int readSize) {
    this.lanes = lanes;
    this.inputSize = inputSize;
    int capacity = Math.max(1, BLOCK_LANES / lanes) * lanes;
    inputs = new float[inputSize][capacity];
    reads = new float[readSize][capacity];
    a = new float[capacity][];
    r = new float[capacity][];
  }

  boolean isFull() {
    return count == a.length;
  }

  /**
   * Adds a step.
   *
   * @param stepInputs inputs [lanes, D]; not modified
   * @param states states that the recurrent products read [lanes, width]; not modified
   * @param from first value of a state that they read
   * @param width number of values of a state
   * @param stepA gradients of the input products [lanes, G·H]; must not change before {@link
   *     #addTo}
   * @param stepR gradients of the recurrent products [lanes, G·H], or [lanes, 2·H] for the LRU;
   *     must not change before {@link #addTo}
   */
  void add(
      float[] stepInputs, float[] states, int from, int width, float[][] stepA, float[][] stepR) {
    RowMatrix.splitIntoColumns(stepInputs, 0, inputSize, lanes, inputs, count);
    RowMatrix.splitIntoColumns(states, from, width, lanes, reads, count);
    System.arraycopy(stepA, 0, a, count, lanes);
    System.arraycopy(stepR, 0, r, count, lanes);
    count += lanes;
  }

  /** Adds the products of the block to {@code gradients} and starts a new block. */
  void addTo(LayerParameters gradients) {
    float[][] inputFactors = isFull() ? a : Arrays.copyOf(a, count);
    float[][] recurrentFactors = isFull() ? r : Arrays.copyOf(r, count);
    gradients.inputRows().addOuterProducts(inputs, inputFactors);
    gradients.recurrentRows().addOuterProducts(reads, recurrentFactors);
    RowMatrix.addSum(inputFactors, gradients.inputBiases());
    RowMatrix.addSum(recurrentFactors, gradients.recurrentBiases());
    count = 0;
  }
}
