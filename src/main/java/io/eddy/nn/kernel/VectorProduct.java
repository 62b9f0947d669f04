package io.eddy.nn.kernel;

import static io.eddy.nn.kernel.VectorKernel.SPECIES;
import static io.eddy.nn.kernel.VectorKernel.W;
import static jdk.incubator.vector.FloatVector.fromArray;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * {@link Product} on the JDK's vector API.
 *
 * <p><b>Layout.</b> The columns are divided into panels of 16, 8, 4, 2 or 1 vectors. A panel holds
 * its part of each row, one row after the other, so that a product reads memory in ascending order.
 * The last vector is padded with zeros. The sums of a panel stay in registers over all rows.
 *
 * <p><b>Implementation note.</b> See {@link VectorKernel}.
 */
final class VectorProduct implements Product {
  /** Vectors of at most 8 elements may have only 16 registers, which do not hold 16 sums. */
  private static final int MAX_VECTORS = W > 8 ? 16 : 8;

  private final Panel[] panels;
  private final int outputSize;

  /** Some columns of the rows [R, vectors · W], and of b [vectors · W]. */
  private static final class Panel {
    final int column;
    final int vectors;
    final int rows;
    final float[] weights;
    final float[] bias;

    Panel(int column, int vectors, float[][] rows, float[] bias) {
      this.column = column;
      this.vectors = vectors;
      this.rows = rows.length;
      int width = vectors * W;
      int used = Math.min(width, bias.length - column);
      weights = new float[rows.length * width];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(rows[i], column, weights, i * width, used);
      }
      this.bias = new float[width];
      System.arraycopy(bias, column, this.bias, 0, used);
    }
  }

  /**
   * Creates a product.
   *
   * @param rows [R, n]; copied
   * @param bias b [n]; copied
   */
  VectorProduct(float[][] rows, float[] bias) {
    List<Panel> list = new ArrayList<>();
    int column = 0;
    while (column < bias.length) {
      int left = (bias.length - column + W - 1) / W;
      int vectors = Math.min(MAX_VECTORS, Integer.highestOneBit(left));
      list.add(new Panel(column, vectors, rows, bias));
      column += vectors * W;
    }
    panels = list.toArray(Panel[]::new);
    outputSize = column;
  }

  @Override
  public int outputSize() {
    return outputSize;
  }

  @Override
  public void apply(float[] x, int from, float[] y) {
    for (Panel panel : panels) {
      switch (panel.vectors) {
        case 16 -> apply16(panel, x, from, y);
        case 8 -> apply8(panel, x, from, y);
        case 4 -> apply4(panel, x, from, y);
        case 2 -> apply2(panel, x, from, y);
        default -> apply1(panel, x, from, y);
      }
    }
  }

  /** Computes a panel of sixteen vectors. */
  private static void apply16(Panel panel, float[] x, int from, float[] y) {
    float[] weights = panel.weights;
    float[] bias = panel.bias;
    FloatVector sum0 = fromArray(SPECIES, bias, 0);
    FloatVector sum1 = fromArray(SPECIES, bias, W);
    FloatVector sum2 = fromArray(SPECIES, bias, 2 * W);
    FloatVector sum3 = fromArray(SPECIES, bias, 3 * W);
    FloatVector sum4 = fromArray(SPECIES, bias, 4 * W);
    FloatVector sum5 = fromArray(SPECIES, bias, 5 * W);
    FloatVector sum6 = fromArray(SPECIES, bias, 6 * W);
    FloatVector sum7 = fromArray(SPECIES, bias, 7 * W);
    FloatVector sum8 = fromArray(SPECIES, bias, 8 * W);
    FloatVector sum9 = fromArray(SPECIES, bias, 9 * W);
    FloatVector sum10 = fromArray(SPECIES, bias, 10 * W);
    FloatVector sum11 = fromArray(SPECIES, bias, 11 * W);
    FloatVector sum12 = fromArray(SPECIES, bias, 12 * W);
    FloatVector sum13 = fromArray(SPECIES, bias, 13 * W);
    FloatVector sum14 = fromArray(SPECIES, bias, 14 * W);
    FloatVector sum15 = fromArray(SPECIES, bias, 15 * W);
    for (int i = 0; i < panel.rows; i++) {
      int at = i * (16 * W);
      FloatVector factor = FloatVector.broadcast(SPECIES, x[from + i]);
      sum0 = factor.fma(fromArray(SPECIES, weights, at), sum0);
      sum1 = factor.fma(fromArray(SPECIES, weights, at + W), sum1);
      sum2 = factor.fma(fromArray(SPECIES, weights, at + 2 * W), sum2);
      sum3 = factor.fma(fromArray(SPECIES, weights, at + 3 * W), sum3);
      sum4 = factor.fma(fromArray(SPECIES, weights, at + 4 * W), sum4);
      sum5 = factor.fma(fromArray(SPECIES, weights, at + 5 * W), sum5);
      sum6 = factor.fma(fromArray(SPECIES, weights, at + 6 * W), sum6);
      sum7 = factor.fma(fromArray(SPECIES, weights, at + 7 * W), sum7);
      sum8 = factor.fma(fromArray(SPECIES, weights, at + 8 * W), sum8);
      sum9 = factor.fma(fromArray(SPECIES, weights, at + 9 * W), sum9);
      sum10 = factor.fma(fromArray(SPECIES, weights, at + 10 * W), sum10);
      sum11 = factor.fma(fromArray(SPECIES, weights, at + 11 * W), sum11);
      sum12 = factor.fma(fromArray(SPECIES, weights, at + 12 * W), sum12);
      sum13 = factor.fma(fromArray(SPECIES, weights, at + 13 * W), sum13);
      sum14 = factor.fma(fromArray(SPECIES, weights, at + 14 * W), sum14);
      sum15 = factor.fma(fromArray(SPECIES, weights, at + 15 * W), sum15);
    }
    sum0.intoArray(y, panel.column);
    sum1.intoArray(y, panel.column + W);
    sum2.intoArray(y, panel.column + 2 * W);
    sum3.intoArray(y, panel.column + 3 * W);
    sum4.intoArray(y, panel.column + 4 * W);
    sum5.intoArray(y, panel.column + 5 * W);
    sum6.intoArray(y, panel.column + 6 * W);
    sum7.intoArray(y, panel.column + 7 * W);
    sum8.intoArray(y, panel.column + 8 * W);
    sum9.intoArray(y, panel.column + 9 * W);
    sum10.intoArray(y, panel.column + 10 * W);
    sum11.intoArray(y, panel.column + 11 * W);
    sum12.intoArray(y, panel.column + 12 * W);
    sum13.intoArray(y, panel.column + 13 * W);
    sum14.intoArray(y, panel.column + 14 * W);
    sum15.intoArray(y, panel.column + 15 * W);
  }

  /** Computes a panel of eight vectors. */
  private static void apply8(Panel panel, float[] x, int from, float[] y) {
    float[] weights = panel.weights;
    float[] bias = panel.bias;
    FloatVector sum0 = fromArray(SPECIES, bias, 0);
    FloatVector sum1 = fromArray(SPECIES, bias, W);
    FloatVector sum2 = fromArray(SPECIES, bias, 2 * W);
    FloatVector sum3 = fromArray(SPECIES, bias, 3 * W);
    FloatVector sum4 = fromArray(SPECIES, bias, 4 * W);
    FloatVector sum5 = fromArray(SPECIES, bias, 5 * W);
    FloatVector sum6 = fromArray(SPECIES, bias, 6 * W);
    FloatVector sum7 = fromArray(SPECIES, bias, 7 * W);
    for (int i = 0; i < panel.rows; i++) {
      int at = i * (8 * W);
      FloatVector factor = FloatVector.broadcast(SPECIES, x[from + i]);
      sum0 = factor.fma(fromArray(SPECIES, weights, at), sum0);
      sum1 = factor.fma(fromArray(SPECIES, weights, at + W), sum1);
      sum2 = factor.fma(fromArray(SPECIES, weights, at + 2 * W), sum2);
      sum3 = factor.fma(fromArray(SPECIES, weights, at + 3 * W), sum3);
      sum4 = factor.fma(fromArray(SPECIES, weights, at + 4 * W), sum4);
      sum5 = factor.fma(fromArray(SPECIES, weights, at + 5 * W), sum5);
      sum6 = factor.fma(fromArray(SPECIES, weights, at + 6 * W), sum6);
      sum7 = factor.fma(fromArray(SPECIES, weights, at + 7 * W), sum7);
    }
    sum0.intoArray(y, panel.column);
    sum1.intoArray(y, panel.column + W);
    sum2.intoArray(y, panel.column + 2 * W);
    sum3.intoArray(y, panel.column + 3 * W);
    sum4.intoArray(y, panel.column + 4 * W);
    sum5.intoArray(y, panel.column + 5 * W);
    sum6.intoArray(y, panel.column + 6 * W);
    sum7.intoArray(y, panel.column + 7 * W);
  }

  /** Computes a panel of four vectors. */
  private static void apply4(Panel panel, float[] x, int from, float[] y) {
    float[] weights = panel.weights;
    float[] bias = panel.bias;
    FloatVector sum0 = fromArray(SPECIES, bias, 0);
    FloatVector sum1 = fromArray(SPECIES, bias, W);
    FloatVector sum2 = fromArray(SPECIES, bias, 2 * W);
    FloatVector sum3 = fromArray(SPECIES, bias, 3 * W);
    for (int i = 0; i < panel.rows; i++) {
      int at = i * (4 * W);
      FloatVector factor = FloatVector.broadcast(SPECIES, x[from + i]);
      sum0 = factor.fma(fromArray(SPECIES, weights, at), sum0);
      sum1 = factor.fma(fromArray(SPECIES, weights, at + W), sum1);
      sum2 = factor.fma(fromArray(SPECIES, weights, at + 2 * W), sum2);
      sum3 = factor.fma(fromArray(SPECIES, weights, at + 3 * W), sum3);
    }
    sum0.intoArray(y, panel.column);
    sum1.intoArray(y, panel.column + W);
    sum2.intoArray(y, panel.column + 2 * W);
    sum3.intoArray(y, panel.column + 3 * W);
  }

  /** Computes a panel of two vectors. */
  private static void apply2(Panel panel, float[] x, int from, float[] y) {
    float[] weights = panel.weights;
    float[] bias = panel.bias;
    FloatVector sum0 = fromArray(SPECIES, bias, 0);
    FloatVector sum1 = fromArray(SPECIES, bias, W);
    for (int i = 0; i < panel.rows; i++) {
      int at = i * (2 * W);
      FloatVector factor = FloatVector.broadcast(SPECIES, x[from + i]);
      sum0 = factor.fma(fromArray(SPECIES, weights, at), sum0);
      sum1 = factor.fma(fromArray(SPECIES, weights, at + W), sum1);
    }
    sum0.intoArray(y, panel.column);
    sum1.intoArray(y, panel.column + W);
  }

  /** Computes a panel of one vector. */
  private static void apply1(Panel panel, float[] x, int from, float[] y) {
    float[] weights = panel.weights;
    float[] bias = panel.bias;
    FloatVector sum0 = fromArray(SPECIES, bias, 0);
    for (int i = 0; i < panel.rows; i++) {
      FloatVector factor = FloatVector.broadcast(SPECIES, x[from + i]);
      sum0 = factor.fma(fromArray(SPECIES, weights, i * W), sum0);
    }
    sum0.intoArray(y, panel.column);
  }
}
