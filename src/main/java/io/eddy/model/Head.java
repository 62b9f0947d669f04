package io.eddy.model;

import io.eddy.cell.Linear;
import java.util.List;

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
  private final Linear linear;

  /** A head: {@code linear} is [H → J·Q]. */
  public Head(ModelSpecification.Output output, Linear linear) {
    int expected = output.horizon() * output.valuesPerStep();
    if (linear.outputSize() != expected) {
      throw new IllegalArgumentException(
          "head: expected %d outputs, got %d".formatted(expected, linear.outputSize()));
    }
    this.linear = linear;
    levels = output.valuesPerStep();
    median = medianIndex(output.quantileLevels());
  }

  /** Index of level 0.5; 0 for a point forecast. */
  public static int medianIndex(List<Double> quantileLevels) {
    return Math.max(0, quantileLevels.indexOf(0.5));
  }

  /** The layer [H → J·Q]. */
  public Linear linear() {
    return linear;
  }

  /** J·Q. */
  public int outputSize() {
    return linear.outputSize();
  }

  /**
   * Scaled forecast of a hidden state.
   *
   * @param hidden h [H] from {@code offset} on; not modified
   * @param out [J·Q]; modified
   */
  public void apply(float[] hidden, int offset, float[] out) {
    linear.apply(hidden, offset, out);
    order(out, median, levels);
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

  /** s'(z) = (1 + z/√(z² + 1)) / 2. */
  public static float softplusSlope(float z) {
    return Math.fma(0.5f, z / (float) Math.sqrt(Math.fma(z, z, 1f)), 0.5f);
  }
}
