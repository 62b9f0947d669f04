package io.eddy.model;

import java.util.List;
import org.ejml.data.FMatrixRMaj;

/**
 * The linear head: o = W h + b, read as one number or as Q quantiles for each of J steps.
 *
 * <p>Quantiles cannot cross: the median's output is o_m, and its neighbours follow by increments
 * that are never negative, q_k = q_{k−1} + s(o_k) upwards and q_k = q_{k+1} − s(o_k) downwards,
 * where s(z) = (z + √(z² + 1)) / 2 is a softplus made of IEEE operations alone.
 *
 * <p>Weights are kept transposed, [H, J·Q] with a row for each hidden unit, so that the product is
 * an axpy over contiguous rows. Output j·Q + k belongs to step j + 1 and level k. Immutable and
 * shared.
 */
public final class Head {
  private final int median;
  private final int levels;
  private final FMatrixRMaj weights;
  private final float[] bias;

  /**
   * A head of PyTorch's layout.
   *
   * @param output what is forecast
   * @param weight [J·Q, H], copied
   * @param bias [J·Q], copied
   */
  public Head(ModelSpecification.Output output, FMatrixRMaj weight, float[] bias) {
    levels = output.valuesPerStep();
    median = medianIndex(output.quantileLevels());
    weights = new FMatrixRMaj(weight.numCols, weight.numRows);
    org.ejml.dense.row.CommonOps_FDRM.transpose(weight, weights);
    this.bias = bias.clone();
  }

  /** Index of level 0.5; 0 for a point forecast. */
  public static int medianIndex(List<Double> quantileLevels) {
    return Math.max(0, quantileLevels.indexOf(0.5));
  }

  /** J·Q. */
  public int outputSize() {
    return bias.length;
  }

  /** H. */
  public int hiddenSize() {
    return weights.numRows;
  }

  /** Weight in PyTorch's layout [J·Q, H]; a copy. */
  public FMatrixRMaj weight() {
    return org.ejml.dense.row.CommonOps_FDRM.transpose(weights, null);
  }

  /** [J·Q]; a copy. */
  public float[] bias() {
    return bias.clone();
  }

  /**
   * Scaled forecast of a hidden state.
   *
   * @param hidden h [H] from {@code offset} on; not modified
   * @param out [J·Q]; modified
   */
  public void apply(float[] hidden, int offset, float[] out) {
    linear(hidden, offset, out);
    order(out, median, levels);
  }

  private void linear(float[] hidden, int offset, float[] out) {
    float[] w = weights.data;
    int n = bias.length;
    System.arraycopy(bias, 0, out, 0, n);
    for (int i = 0; i < weights.numRows; i++) {
      float a = hidden[offset + i];
      int row = i * n;
      for (int j = 0; j < n; j++) {
        out[j] = Math.fma(a, w[row + j], out[j]);
      }
    }
  }

  /** Turns raw outputs into quantiles in place, step by step. */
  public static void order(float[] out, int median, int levels) {
    for (int step = 0; step < out.length; step += levels) {
      for (int k = median + 1; k < levels; k++) {
        out[step + k] = out[step + k - 1] + softplus(out[step + k]);
      }
      for (int k = median - 1; k >= 0; k--) {
        out[step + k] = out[step + k + 1] - softplus(out[step + k]);
      }
    }
  }

  /** s(z) = (z + √(z² + 1)) / 2: above 0, z for large z. */
  public static float softplus(float z) {
    return 0.5f * (z + (float) Math.sqrt(Math.fma(z, z, 1f)));
  }
}
