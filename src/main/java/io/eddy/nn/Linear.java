package io.eddy.nn;

import io.eddy.nn.kernel.RowMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.FMatrixRMaj;

/**
 * A linear layer y = W x + b. W is stored transposed, [in, out]. Instances are shared by all
 * threads and are not modified, except by a trainer that created its own.
 */
public final class Linear {
  /** Number of lanes processed as a block. Small enough for the block to stay in the cache. */
  private static final int BLOCK_LANES = 32;

  private final RowMatrix weights;
  private final FMatrixRMaj bias;

  private Linear(RowMatrix weights, FMatrixRMaj bias) {
    this.weights = weights;
    this.bias = bias;
  }

  /**
   * Creates a layer from PyTorch's layout. The arguments are copied.
   *
   * @param weight [out, in]
   * @param bias [out]
   * @throws IllegalArgumentException if shapes do not match
   */
  public static Linear of(FMatrixRMaj weight, float[] bias) {
    if (bias.length != weight.numRows) {
      throw new IllegalArgumentException(
          "bias: expected (%d), got (%d)".formatted(weight.numRows, bias.length));
    }
    return new Linear(
        RowMatrix.transposeOf(weight), new FMatrixRMaj(1, bias.length, true, bias.clone()));
  }

  /** Creates an initial layer for training: weights uniform in ±bound/√in, biases 0. */
  public static Linear random(int inputs, int outputs, float bound, RandomGenerator random) {
    Linear linear = new Linear(new RowMatrix(inputs, outputs), new FMatrixRMaj(1, outputs));
    float limit = (float) (bound / Math.sqrt(inputs));
    for (float[] row : linear.weights.arrays()) {
      for (int j = 0; j < outputs; j++) {
        row[j] = limit * (2 * random.nextFloat() - 1);
      }
    }
    return linear;
  }

  /** Creates zeros of the same shape, for gradients. */
  public Linear zeros() {
    return new Linear(
        new RowMatrix(weights.rows(), weights.columns()), new FMatrixRMaj(1, bias.numCols));
  }

  public int inputSize() {
    return weights.rows();
  }

  public int outputSize() {
    return weights.columns();
  }

  /** Returns a copy of the weights in PyTorch's layout, [out, in]. */
  public FMatrixRMaj weight() {
    return weights.transpose();
  }

  /** Returns a copy of the bias [out]. */
  public float[] bias() {
    return bias.data.clone();
  }

  /**
   * Returns the arrays themselves, to be modified by a trainer: the rows of the transposed weights
   * [in, out], then the bias [out].
   */
  public List<float[]> arrays() {
    List<float[]> arrays = weights.arrays();
    arrays.add(bias.data);
    return arrays;
  }

  /** Returns the element of {@link #arrays} that is the bias. */
  public float[] biases() {
    return bias.data;
  }

  /**
   * Computes y = W x + b.
   *
   * @param x [in], starting at {@code from}; not modified
   * @param y [out]; modified
   */
  public void apply(float[] x, int from, float[] y) {
    System.arraycopy(bias.data, 0, y, 0, bias.numCols);
    weights.addProduct(x, from, y);
  }

  /**
   * Computes y = W x + b for several lanes.
   *
   * @param x [lanes, in]; not modified
   * @param y [lanes, out]; modified
   */
  public void apply(float[] x, float[] y, int lanes) {
    int out = outputSize();
    for (int from = 0; from < lanes; from += BLOCK_LANES) {
      float[][] block = new float[Math.min(BLOCK_LANES, lanes - from)][out];
      for (float[] lane : block) {
        System.arraycopy(bias.data, 0, lane, 0, out);
      }
      weights.addProducts(split(x, from, block.length, inputSize()), block);
      for (int lane = 0; lane < block.length; lane++) {
        System.arraycopy(block[lane], 0, y, (from + lane) * out, out);
      }
    }
  }

  /** Returns a transposed copy of the current weights, x = Wᵀ y, for the backward pass. */
  public Linear transposed() {
    Linear transposed =
        new Linear(
            new RowMatrix(weights.columns(), weights.rows()), new FMatrixRMaj(1, weights.rows()));
    weights.transposeInto(transposed.weights);
    return transposed;
  }

  /**
   * Computes the gradients for several lanes.
   *
   * @param x [lanes, in], as given to {@link #apply}; not modified
   * @param dy gradient of y [lanes, out]; not modified
   * @param dx gradient of x [lanes, in]; overwritten
   * @param gradients gradients of this layer's parameters; added to
   * @param transposed {@link #transposed()} of the current weights
   */
  public void backward(float[] x, float[] dy, float[] dx, Linear gradients, Linear transposed) {
    int in = inputSize();
    int out = outputSize();
    int lanes = x.length / in;
    transposed.apply(dy, dx, lanes);
    for (int from = 0; from < lanes; from += BLOCK_LANES) {
      float[][] block = split(dy, from, Math.min(BLOCK_LANES, lanes - from), out);
      float[][] inputs = new float[in][block.length];
      RowMatrix.splitIntoColumns(x, from * in, in, block.length, inputs, 0);
      gradients.weights.addOuterProducts(inputs, block);
      RowMatrix.addSum(block, gradients.bias.data);
    }
  }

  /** Copies {@code count} of the lanes [lanes, size], starting at lane {@code from}. */
  private static float[][] split(float[] lanes, int from, int count, int size) {
    float[][] block = new float[count][];
    Arrays.setAll(block, i -> Arrays.copyOfRange(lanes, (from + i) * size, (from + i + 1) * size));
    return block;
  }
}
