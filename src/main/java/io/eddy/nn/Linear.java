package io.eddy.nn;

import io.eddy.nn.kernel.RowMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.FMatrixRMaj;

/**
 * y = W x + b, with W kept transposed, [in, out]. Shared by every thread and never changed, but by
 * a trainer that made its own.
 */
public final class Linear {
  /** Lanes that are gone through together: few enough for them to stay near. */
  private static final int BLOCK_LANES = 32;

  private final RowMatrix weights;
  private final FMatrixRMaj bias;

  private Linear(RowMatrix weights, FMatrixRMaj bias) {
    this.weights = weights;
    this.bias = bias;
  }

  /**
   * A layer of PyTorch's layout, copied.
   *
   * @param weight [out, in]
   * @param bias [out]
   */
  public static Linear of(FMatrixRMaj weight, float[] bias) {
    if (bias.length != weight.numRows) {
      throw new IllegalArgumentException(
          "bias: expected (%d), got (%d)".formatted(weight.numRows, bias.length));
    }
    return new Linear(
        RowMatrix.transposeOf(weight), new FMatrixRMaj(1, bias.length, true, bias.clone()));
  }

  /** A layer to start training from: weights uniform in ±bound/√in, no bias. */
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

  /** A layer of the same shape, all 0: a place for gradients. */
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

  /** Weights in PyTorch's layout, [out, in]; a copy. */
  public FMatrixRMaj weight() {
    return weights.transpose();
  }

  /** [out]; a copy. */
  public float[] bias() {
    return bias.data.clone();
  }

  /**
   * The arrays themselves, for a trainer to change: rows of the transposed weights [in, out], then
   * the bias [out].
   */
  public List<float[]> arrays() {
    List<float[]> arrays = weights.arrays();
    arrays.add(bias.data);
    return arrays;
  }

  /** That of {@link #arrays} which is the bias. */
  public float[] biases() {
    return bias.data;
  }

  /**
   * y = W x + b.
   *
   * @param x [in] from {@code from} on; not modified
   * @param y [out]; modified
   */
  public void apply(float[] x, int from, float[] y) {
    System.arraycopy(bias.data, 0, y, 0, bias.numCols);
    weights.addProduct(x, from, y);
  }

  /**
   * The same for several lanes.
   *
   * @param x [lanes, in]; not modified
   * @param y [lanes, out]; modified
   */
  public void apply(float[] x, float[] y, int lanes) {
    int out = outputSize();
    for (int from = 0; from < lanes; from += BLOCK_LANES) {
      float[][] own = new float[Math.min(BLOCK_LANES, lanes - from)][out];
      for (float[] lane : own) {
        System.arraycopy(bias.data, 0, lane, 0, out);
      }
      weights.addProducts(split(x, from, own.length, inputSize()), own);
      for (int lane = 0; lane < own.length; lane++) {
        System.arraycopy(own[lane], 0, y, (from + lane) * out, out);
      }
    }
  }

  /** x = Wᵀ y, the way back for gradients; of now, a copy. */
  public Linear transposed() {
    Linear back =
        new Linear(
            new RowMatrix(weights.columns(), weights.rows()), new FMatrixRMaj(1, weights.rows()));
    weights.transposeInto(back.weights);
    return back;
  }

  /**
   * Gradients of several lanes.
   *
   * @param x [lanes, in], as given to {@link #apply}; not modified
   * @param dy gradient of y [lanes, out]; not modified
   * @param dx becomes the gradient of x [lanes, in]
   * @param gradients one of {@link #zeros}; added to
   * @param back {@link #transposed} of now
   */
  public void backward(float[] x, float[] dy, float[] dx, Linear gradients, Linear back) {
    int in = inputSize();
    int out = outputSize();
    int lanes = x.length / in;
    back.apply(dy, dx, lanes);
    for (int from = 0; from < lanes; from += BLOCK_LANES) {
      float[][] own = split(dy, from, Math.min(BLOCK_LANES, lanes - from), out);
      float[][] inputs = new float[in][own.length];
      RowMatrix.splitIntoColumns(x, from * in, in, own.length, inputs, 0);
      gradients.weights.addOuterProducts(inputs, own);
      RowMatrix.addSum(own, gradients.bias.data);
    }
  }

  /** Copies {@code count} of the lanes [lanes, size], from lane {@code from} on. */
  private static float[][] split(float[] lanes, int from, int count, int size) {
    float[][] own = new float[count][];
    Arrays.setAll(own, i -> Arrays.copyOfRange(lanes, (from + i) * size, (from + i + 1) * size));
    return own;
  }
}
