package io.eddy.cell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.FMatrixRMaj;

/**
 * A matrix [R, n] whose rows are arrays of their own, and the hot kernels over it: sums of scaled
 * rows, y += Σ_i a_i · row_i.
 *
 * <p>Every element of y is summed in the order of i with fused multiply-adds, however many rows are
 * taken in one pass, so results do not depend on the unrolling. All arrays of a pass share one
 * index that starts at 0: with offsets of their own the compiler could not tell that they do not
 * overlap, and would not vectorise. Four rows to a pass are what JDK 17 still unrolls.
 */
final class Rows {
  /** Lanes that go over the rows together: few enough for their sums to stay in the cache. */
  private static final int LANES = 8;

  private final FMatrixRMaj[] rows;
  private final int columns;

  /** A matrix of zeros. */
  Rows(int rows, int columns) {
    this.rows = new FMatrixRMaj[rows];
    this.columns = columns;
    Arrays.setAll(this.rows, i -> new FMatrixRMaj(1, columns));
  }

  /** A copy of a matrix. */
  static Rows of(FMatrixRMaj matrix) {
    Rows copy = new Rows(matrix.numRows, matrix.numCols);
    for (int i = 0; i < matrix.numRows; i++) {
      System.arraycopy(matrix.data, i * matrix.numCols, copy.row(i), 0, matrix.numCols);
    }
    return copy;
  }

  /** A copy of a matrix's transpose. */
  static Rows transposeOf(FMatrixRMaj matrix) {
    Rows copy = new Rows(matrix.numCols, matrix.numRows);
    for (int i = 0; i < matrix.numCols; i++) {
      for (int j = 0; j < matrix.numRows; j++) {
        copy.row(i)[j] = matrix.data[j * matrix.numCols + i];
      }
    }
    return copy;
  }

  /** The transpose in one piece, [n, R]; a copy. */
  FMatrixRMaj transpose() {
    FMatrixRMaj matrix = new FMatrixRMaj(columns, rows.length);
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.data[j * rows.length + i] = row(i)[j];
      }
    }
    return matrix;
  }

  /** R. */
  int rows() {
    return rows.length;
  }

  /** n. */
  int columns() {
    return columns;
  }

  /** The rows' own arrays, each [n]. */
  List<float[]> arrays() {
    List<float[]> arrays = new ArrayList<>();
    for (FMatrixRMaj row : rows) {
      arrays.add(row.data);
    }
    return arrays;
  }

  /**
   * y += Σ_i a_i · row_i.
   *
   * @param a [R] from {@code from} on; not modified
   * @param y [n]; modified
   */
  void addProduct(float[] a, int from, float[] y) {
    int i = 0;
    for (; i + 4 <= rows.length; i += 4) {
      addFour(i, a, from + i, y);
    }
    for (; i < rows.length; i++) {
      addOne(row(i), a[from + i], y, columns);
    }
  }

  /**
   * The same for several lanes, which pass over a block of rows while it is in the cache.
   *
   * @param a [lanes, stride] from {@code from} on; the first R of each lane are used; not modified
   * @param y [lanes, n]; modified
   */
  void addProducts(float[] a, int from, int stride, float[][] y) {
    for (int block = 0; block < y.length; block += LANES) {
      int end = Math.min(y.length, block + LANES);
      int i = 0;
      for (; i + 4 <= rows.length; i += 4) {
        for (int lane = block; lane < end; lane++) {
          addFour(i, a, from + lane * stride + i, y[lane]);
        }
      }
      for (; i < rows.length; i++) {
        for (int lane = block; lane < end; lane++) {
          addOne(row(i), a[from + lane * stride + i], y[lane], columns);
        }
      }
    }
  }

  /** y = Σ_i a_i · row_i for several lanes: a [lanes, R] is not modified, y [lanes, n] is. */
  void setProducts(float[][] a, float[][] y) {
    for (float[] lane : y) {
      Arrays.fill(lane, 0);
    }
    for (int i = 0; i + 4 <= rows.length; i += 4) {
      for (int lane = 0; lane < y.length; lane++) {
        addFour(i, a[lane], i, y[lane]);
      }
    }
    for (int i = rows.length & -4; i < rows.length; i++) {
      for (int lane = 0; lane < y.length; lane++) {
        addOne(row(i), a[lane][i], y[lane], columns);
      }
    }
  }

  /**
   * Gradient of the matrix: row_i += Σ_lane a_{lane,i} · y_lane, lanes in order.
   *
   * @param a [lanes, stride] from {@code from} on; the first R of each lane are used; not modified
   * @param y [lanes, n]; not modified
   */
  void addOuterProducts(float[] a, int from, int stride, float[][] y) {
    int lane = 0;
    for (; lane + 4 <= y.length; lane += 4) {
      int at = from + lane * stride;
      for (int i = 0; i < rows.length; i++) {
        float a0 = a[at + i];
        float a1 = a[at + stride + i];
        float a2 = a[at + 2 * stride + i];
        float a3 = a[at + 3 * stride + i];
        addFour(y[lane], y[lane + 1], y[lane + 2], y[lane + 3], a0, a1, a2, a3, row(i), columns);
      }
    }
    for (; lane < y.length; lane++) {
      for (int i = 0; i < rows.length; i++) {
        addOne(y[lane], a[from + lane * stride + i], row(i), columns);
      }
    }
  }

  private float[] row(int i) {
    return rows[i].data;
  }

  private void addFour(int i, float[] a, int at, float[] y) {
    float a0 = a[at];
    float a1 = a[at + 1];
    float a2 = a[at + 2];
    float a3 = a[at + 3];
    addFour(row(i), row(i + 1), row(i + 2), row(i + 3), a0, a1, a2, a3, y, columns);
  }

  private static void addOne(float[] row, float a, float[] y, int n) {
    for (int j = 0; j < n; j++) {
      y[j] = Math.fma(a, row[j], y[j]);
    }
  }

  private static void addFour(
      float[] row0,
      float[] row1,
      float[] row2,
      float[] row3,
      float a0,
      float a1,
      float a2,
      float a3,
      float[] y,
      int n) {
    for (int j = 0; j < n; j++) {
      float sum = Math.fma(a0, row0[j], y[j]);
      sum = Math.fma(a1, row1[j], sum);
      sum = Math.fma(a2, row2[j], sum);
      y[j] = Math.fma(a3, row3[j], sum);
    }
  }
}
