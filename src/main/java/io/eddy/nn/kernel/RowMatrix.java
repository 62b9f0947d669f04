package io.eddy.nn.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.FMatrixRMaj;

/** A matrix [R, n] whose rows are arrays of their own, and the products of it that cells need. */
public final class RowMatrix {
  private static final Kernel KERNEL = Kernel.FASTEST;
  private static final int TILE = 16;

  private final FMatrixRMaj[] rows;
  private final float[][] data; // of the rows
  private final int columns;

  /** A matrix of zeros. */
  public RowMatrix(int rows, int columns) {
    this.rows = new FMatrixRMaj[rows];
    this.columns = columns;
    data = new float[rows][];
    for (int i = 0; i < rows; i++) {
      this.rows[i] = new FMatrixRMaj(1, columns);
      data[i] = this.rows[i].data;
    }
  }

  /** A copy of a matrix. */
  public static RowMatrix of(FMatrixRMaj matrix) {
    RowMatrix copy = new RowMatrix(matrix.numRows, matrix.numCols);
    for (int i = 0; i < matrix.numRows; i++) {
      System.arraycopy(matrix.data, i * matrix.numCols, copy.data[i], 0, matrix.numCols);
    }
    return copy;
  }

  /** A copy of a matrix's transpose. */
  public static RowMatrix transposeOf(FMatrixRMaj matrix) {
    RowMatrix copy = new RowMatrix(matrix.numCols, matrix.numRows);
    for (int i = 0; i < matrix.numCols; i++) {
      for (int j = 0; j < matrix.numRows; j++) {
        copy.data[i][j] = matrix.data[j * matrix.numCols + i];
      }
    }
    return copy;
  }

  /** The transpose in one piece, [n, R]; a copy. */
  public FMatrixRMaj transpose() {
    FMatrixRMaj matrix = new FMatrixRMaj(columns, rows.length);
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.data[j * rows.length + i] = data[i][j];
      }
    }
    return matrix;
  }

  /** Writes the transpose into {@code copy} [n, R]. */
  public void transposeInto(RowMatrix copy) {
    for (int begin = 0; begin < columns; begin += TILE) {
      int end = Math.min(columns, begin + TILE);
      for (int i = 0; i < data.length; i++) {
        float[] row = data[i];
        for (int j = begin; j < end; j++) {
          copy.data[j][i] = row[j];
        }
      }
    }
  }

  /** R. */
  public int rows() {
    return rows.length;
  }

  /** n. */
  public int columns() {
    return columns;
  }

  /** The rows' own arrays, each [n]. */
  public List<float[]> arrays() {
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
  public void addProduct(float[] a, int from, float[] y) {
    KERNEL.addProduct(data, columns, a, from, y);
  }

  /** The same for several lanes: a [lanes, R] at least is not modified, y [lanes, n] is. */
  public void addProducts(float[][] a, float[][] y) {
    KERNEL.addProducts(data, columns, a, y);
  }

  /** y = Σ_i a_i · row_i for several lanes: a [lanes, R] is not modified, y [lanes, n] is. */
  public void setProducts(float[][] a, float[][] y) {
    for (float[] lane : y) {
      Arrays.fill(lane, 0);
    }
    KERNEL.addProducts(data, columns, a, y);
  }

  /** sum += Σ_lane y_lane, lanes in order: y [lanes, n] is not modified, sum [n] is. */
  public static void addSum(float[][] y, float[] sum) {
    float[] ones = new float[y.length];
    Arrays.fill(ones, 1);
    KERNEL.addProduct(y, sum.length, ones, 0, sum);
  }

  /**
   * Gradient of the matrix: row_i += Σ_lane a_{i,lane} · y_lane, lanes in order.
   *
   * @param a [R, lanes] at least; not modified
   * @param y [lanes, n]; not modified
   */
  public void addOuterProducts(float[][] a, float[][] y) {
    KERNEL.addProducts(y, columns, a, data);
  }

  /** Copies the first numbers of each of the lanes [lanes, stride] into the rows. */
  public static void split(float[] lanes, int stride, float[][] into) {
    for (int lane = 0; lane < into.length; lane++) {
      System.arraycopy(lanes, lane * stride, into[lane], 0, into[lane].length);
    }
  }

  /**
   * The same of {@code count} lanes from {@code from} on into columns from {@code at} on.
   *
   * @param into [numbers, at + count] at least
   */
  public static void splitIntoColumns(
      float[] lanes, int from, int stride, int count, float[][] into, int at) {
    for (int begin = 0; begin < into.length; begin += TILE) {
      int end = Math.min(into.length, begin + TILE);
      for (int lane = 0; lane < count; lane++) {
        for (int i = begin; i < end; i++) {
          into[i][at + lane] = lanes[from + lane * stride + i];
        }
      }
    }
  }
}
