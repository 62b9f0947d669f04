package io.eddy.cell;

import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;

/**
 * y = W x + b, with W kept transposed, [in, out]. Shared by every thread and never changed, but by
 * a trainer that made its own.
 */
public final class Linear {
  private final FMatrixRMaj weights;
  private final FMatrixRMaj bias;

  private Linear(FMatrixRMaj weights, FMatrixRMaj bias) {
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
        CommonOps_FDRM.transpose(weight, null),
        new FMatrixRMaj(1, bias.length, true, bias.clone()));
  }

  /** A layer to start training from: weights uniform in ±bound/√in, no bias. */
  public static Linear random(int inputs, int outputs, float bound, RandomGenerator random) {
    Linear linear = new Linear(new FMatrixRMaj(inputs, outputs), new FMatrixRMaj(1, outputs));
    float limit = (float) (bound / Math.sqrt(inputs));
    for (int i = 0; i < linear.weights.data.length; i++) {
      linear.weights.data[i] = limit * (2 * random.nextFloat() - 1);
    }
    return linear;
  }

  /** A layer of the same shape, all 0: a place for gradients. */
  public Linear zeros() {
    return new Linear(
        new FMatrixRMaj(weights.numRows, weights.numCols), new FMatrixRMaj(1, bias.numCols));
  }

  public int inputSize() {
    return weights.numRows;
  }

  public int outputSize() {
    return weights.numCols;
  }

  /** Weights in PyTorch's layout, [out, in]; a copy. */
  public FMatrixRMaj weight() {
    return CommonOps_FDRM.transpose(weights, null);
  }

  /** [out]; a copy. */
  public float[] bias() {
    return bias.data.clone();
  }

  /** The arrays themselves, for a trainer to change: transposed weights [in, out], bias [out]. */
  public List<float[]> arrays() {
    return List.of(weights.data, bias.data);
  }

  /**
   * y = W x + b.
   *
   * @param x [in] from {@code from} on; not modified
   * @param y [out]; modified
   */
  public void apply(float[] x, int from, float[] y) {
    System.arraycopy(bias.data, 0, y, 0, bias.numCols);
    Rows.addProduct(weights.data, weights.numRows, weights.numCols, x, from, y, 0);
  }

  /**
   * The same for several lanes.
   *
   * @param x [lanes, in]; not modified
   * @param y [lanes, out]; modified
   */
  public void apply(float[] x, float[] y, int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
      System.arraycopy(bias.data, 0, y, lane * bias.numCols, bias.numCols);
    }
    Rows.addProducts(weights.data, weights.numRows, weights.numCols, x, weights.numRows, y, lanes);
  }

  /**
   * Gradients of several lanes.
   *
   * @param x [lanes, in], as given to {@link #apply}; not modified
   * @param dy gradient of y [lanes, out]; not modified
   * @param dx becomes the gradient of x [lanes, in]
   * @param gradients one of {@link #zeros}; added to
   * @param transposed {@link #weight} of now
   */
  public void backward(
      float[] x, float[] dy, float[] dx, Linear gradients, FMatrixRMaj transposed) {
    int in = inputSize();
    int out = outputSize();
    int lanes = x.length / in;
    java.util.Arrays.fill(dx, 0);
    Rows.addProducts(transposed.data, out, in, dy, out, dx, lanes);
    Rows.addOuterProducts(gradients.weights.data, in, out, x, in, dy, lanes);
    for (int lane = 0; lane < lanes; lane++) {
      for (int j = 0; j < out; j++) {
        gradients.bias.data[j] += dy[lane * out + j];
      }
    }
  }
}
