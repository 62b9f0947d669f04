package io.eddy.cell;

/**
 * The hot kernels: sums of scaled rows, y += Σ_i a_i · row_i, over a matrix of contiguous rows.
 *
 * <p>Every element of y is summed in the order of i with fused multiply-adds, however many rows are
 * taken in one pass, so results do not depend on the unrolling. Operands must not overlap.
 */
final class Rows {
  /** Lanes that go over the rows together: few enough for their sums to stay in the cache. */
  private static final int LANES = 8;

  private Rows() {}

  /**
   * y += Σ_i a_i · row_i.
   *
   * @param matrix [rows, n], row i from i·n on; not modified
   * @param a [rows] from {@code aFrom} on; not modified
   * @param y [n] from {@code yFrom} on; modified
   */
  static void addProduct(
      float[] matrix, int rows, int n, float[] a, int aFrom, float[] y, int yFrom) {
    int i = 0;
    for (; i + 8 <= rows; i += 8) {
      addEight(matrix, i * n, n, a, aFrom + i, y, yFrom);
    }
    for (; i < rows; i++) {
      addOne(matrix, i * n, n, a[aFrom + i], y, yFrom);
    }
  }

  /**
   * The same for several lanes, all of which pass over a block of rows while it is in the cache.
   *
   * @param a [lanes, aStride]; the first {@code rows} of each lane are used; not modified
   * @param y [lanes, n]; modified
   */
  static void addProducts(
      float[] matrix, int rows, int n, float[] a, int aStride, float[] y, int lanes) {
    for (int block = 0; block < lanes; block += LANES) {
      int end = Math.min(lanes, block + LANES);
      int i = 0;
      for (; i + 8 <= rows; i += 8) {
        for (int lane = block; lane < end; lane++) {
          addEight(matrix, i * n, n, a, lane * aStride + i, y, lane * n);
        }
      }
      for (; i < rows; i++) {
        for (int lane = block; lane < end; lane++) {
          addOne(matrix, i * n, n, a[lane * aStride + i], y, lane * n);
        }
      }
    }
  }

  /**
   * Gradient of the matrix: row_i += Σ_lane a_{lane,i} · y_lane, lanes in order.
   *
   * @param matrix [rows, n]; modified
   * @param a [lanes, aStride]; not modified
   * @param y [lanes, n]; not modified
   */
  static void addOuterProducts(
      float[] matrix, int rows, int n, float[] a, int aStride, float[] y, int lanes) {
    int lane = 0;
    for (; lane + 8 <= lanes; lane += 8) {
      for (int i = 0; i < rows; i++) {
        addEightLanes(matrix, i * n, n, a, lane * aStride + i, aStride, y, lane * n);
      }
    }
    for (; lane < lanes; lane++) {
      for (int i = 0; i < rows; i++) {
        addOne(y, lane * n, n, a[lane * aStride + i], matrix, i * n);
      }
    }
  }

  private static void addOne(float[] matrix, int row, int n, float a, float[] y, int yFrom) {
    for (int j = 0; j < n; j++) {
      y[yFrom + j] = Math.fma(a, matrix[row + j], y[yFrom + j]);
    }
  }

  private static void addEight(
      float[] matrix, int row, int n, float[] a, int at, float[] y, int yFrom) {
    addEight(
        matrix, row, n, y, yFrom, a[at], a[at + 1], a[at + 2], a[at + 3], a[at + 4], a[at + 5],
        a[at + 6], a[at + 7]);
  }

  private static void addEightLanes(
      float[] matrix, int row, int n, float[] a, int at, int stride, float[] y, int yFrom) {
    addEight(
        y,
        yFrom,
        n,
        matrix,
        row,
        a[at],
        a[at + stride],
        a[at + 2 * stride],
        a[at + 3 * stride],
        a[at + 4 * stride],
        a[at + 5 * stride],
        a[at + 6 * stride],
        a[at + 7 * stride]);
  }

  private static void addEight(
      float[] matrix,
      int row,
      int n,
      float[] y,
      int yFrom,
      float a0,
      float a1,
      float a2,
      float a3,
      float a4,
      float a5,
      float a6,
      float a7) {
    int r1 = row + n;
    int r2 = r1 + n;
    int r3 = r2 + n;
    int r4 = r3 + n;
    int r5 = r4 + n;
    int r6 = r5 + n;
    int r7 = r6 + n;
    for (int j = 0; j < n; j++) {
      float sum = Math.fma(a0, matrix[row + j], y[yFrom + j]);
      sum = Math.fma(a1, matrix[r1 + j], sum);
      sum = Math.fma(a2, matrix[r2 + j], sum);
      sum = Math.fma(a3, matrix[r3 + j], sum);
      sum = Math.fma(a4, matrix[r4 + j], sum);
      sum = Math.fma(a5, matrix[r5 + j], sum);
      sum = Math.fma(a6, matrix[r6 + j], sum);
      y[yFrom + j] = Math.fma(a7, matrix[r7 + j], sum);
    }
  }
}
