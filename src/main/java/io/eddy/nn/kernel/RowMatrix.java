package io.eddy.nn.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ejml.data.FMatrixRMaj;

/** A matrix [R, n] that stores each row in an array of its own, and its products. */
public final class RowMatrix {
  private static final Kernel KERNEL = Kernel.FASTEST;
  private static final int TILE = 16;

  private final FMatrixRMaj[] rows;
  private final float[][] data; // data[i] is the array of rows[i]
  private final int columns;

  /** Creates a matrix of zeros. */
  public RowMatrix(int rows, int columns) {
    this.rows = new FMatrixRMaj[rows];
    this.columns = columns;
    data = new float[rows][];
    for (int i = 0; i < rows; i++) {
      this.rows[i] = new FMatrixRMaj(1, columns);
      data[i] = this.rows[i].data;
    }
  }

  /** Creates a transposed copy of a matrix. */
  public static RowMatrix transposeOf(FMatrixRMaj matrix) {
    RowMatrix copy = new RowMatrix(matrix.numCols, matrix.numRows);
    for (int i = 0; i < matrix.numCols; i++) {
      for (int j = 0; j < matrix.numRows; j++) {
        copy.data[i][j] = matrix.data[j * matrix.numCols + i];
      }
    }
    return copy;
  }

  /** Returns the transpose as one contiguous matrix, [n, R]; a copy. */
  public FMatrixRMaj transpose() {
    FMatrixRMaj matrix = new FMatrixRMaj(columns, rows.length);
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.data[j * rows.length + i] = data[i][j];
      }
    }
    return matrix;
  }

  /** Writes the transpose into {@code target} [n, R]. */
  public void transposeInto(RowMatrix target) {
    for (int begin = 0; begin < columns; begin += TILE) {
      int end = Math.min(columns, begin + TILE);
      for (int i = 0; i < data.length; i++) {
        float[] row = data[i];
        for (int j = begin; j < end; j++) {
          target.data[j][i] = row[j];
        }
      }
    }
  }

  /** Returns R. */
  public int rows() {
    return rows.length;
  }

  /** Returns n. */
  public int columns() {
    return columns;
  }

  /** Returns the arrays of the rows, each [n], without copying them. */
  public List<float[]> arrays() {
    List<float[]> arrays = new ArrayList<>();
    for (FMatrixRMaj row : rows) {
      arrays.add(row.data);
    }
    return arrays;
  }

  /**
   * Creates the product of one vector with the rows of several matrices, one matrix after the
   * other. The values are copied.
   *
   * @param bias b [n]
   * @param matrices [R, n] each
   */
  public static Product product(float[] bias, RowMatrix... matrices) {
    return KERNEL.product(rowsOf(matrices), bias);
  }

  /**
   * Creates the step of an LSTM layer, if the kernel has one for its number of units. The values
   * are copied.
   *
   * @param bias b_ih + b_hh [4·H]
   * @param input W_ih transposed [D, 4·H]
   * @param recurrent W_hh transposed [H, 4·H]
   */
  public static Optional<Step> lstmStep(float[] bias, RowMatrix input, RowMatrix recurrent) {
    return KERNEL.lstmStep(rowsOf(input, recurrent), bias);
  }

  /**
   * Creates the step of a GRU layer, if the kernel has one for its number of units. The values are
   * copied.
   *
   * @param inputBias b_ih [3·H]
   * @param recurrentBias b_hh [3·H]
   * @param input W_ih transposed [D, 3·H]
   * @param recurrent W_hh transposed [H, 3·H]
   */
  public static Optional<Step> gruStep(
      float[] inputBias, float[] recurrentBias, RowMatrix input, RowMatrix recurrent) {
    return KERNEL.gruStep(rowsOf(input, recurrent), inputBias, recurrentBias);
  }

  private static float[][] rowsOf(RowMatrix... matrices) {
    return Arrays.stream(matrices).flatMap(m -> Arrays.stream(m.data)).toArray(float[][]::new);
  }

  /**
   * Computes y += Σ_i a_i · row_i.
   *
   * @param a [R], starting at {@code from}; not modified
   * @param y [n]; modified
   */
  public void addProduct(float[] a, int from, float[] y) {
    KERNEL.addProduct(data, columns, a, from, y);
  }

  /**
   * Computes y_lane += Σ_i a_{lane,i} · row_i for several lanes.
   *
   * @param a [lanes, R] at least; not modified
   * @param y [lanes, n]; modified
   */
  public void addProducts(float[][] a, float[][] y) {
    KERNEL.addProducts(data, columns, a, y);
  }

  /**
   * Computes y_lane = Σ_i a_{lane,i} · row_i for several lanes.
   *
   * @param a [lanes, R] at least; not modified
   * @param y [lanes, n]; overwritten
   */
  public void setProducts(float[][] a, float[][] y) {
    for (float[] lane : y) {
      Arrays.fill(lane, 0);
    }
    KERNEL.addProducts(data, columns, a, y);
  }

  /**
   * Computes sum += Σ_lane y_lane, lanes ascending.
   *
   * @param y [lanes, n]; not modified
   * @param sum [n]; modified
   */
  public static void addSum(float[][] y, float[] sum) {
    float[] ones = new float[y.length];
    Arrays.fill(ones, 1);
    KERNEL.addProduct(y, sum.length, ones, 0, sum);
  }

  /**
   * Adds outer products, the gradient of a matrix: row_i += Σ_lane a_{i,lane} · y_lane, lanes
   * ascending.
   *
   * @param a [R, lanes] at least; not modified
   * @param y [lanes, n]; not modified
   */
  public void addOuterProducts(float[][] a, float[][] y) {
    KERNEL.addProducts(y, columns, a, data);
  }

  /**
   * Copies elements of each lane into its row.
   *
   * @param lanes [lanes, stride]; not modified
   * @param from first element of a lane to copy
   * @param into [lanes, elements]; overwritten
   */
  public static void split(float[] lanes, int from, int stride, float[][] into) {
    for (int lane = 0; lane < into.length; lane++) {
      System.arraycopy(lanes, lane * stride + from, into[lane], 0, into[lane].length);
    }
  }

  /**
   * Copies {@code count} lanes, which start at offset {@code from}, into the columns of {@code
   * into}, starting at column {@code at}.
   *
   * @param lanes [count, stride], starting at {@code from}; not modified
   * @param into [elements, at + count] at least; modified
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
