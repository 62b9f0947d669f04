package io.eddy.nn.kernel;

/**
 * Kernel in plain Java.
 *
 * <p><b>Implementation note.</b> The loops are written for the auto-vectorisation of C2. All arrays
 * of a loop share one index that starts at 0: with separate offsets the compiler cannot prove that
 * the arrays do not overlap. A pass handles four rows, for two lanes where possible, which is the
 * largest body that JDK 17 still unrolls.
 */
final class PlainKernel implements Kernel {
  /**
   * Number of lanes that pass over the rows together. Small enough for their sums to stay in the
   * cache.
   */
  private static final int LANES = 8;

  @Override
  public void addProduct(float[][] rows, int n, float[] a, int from, float[] y) {
    int i = 0;
    for (; i + 4 <= rows.length; i += 4) {
      addFour(rows, i, n, a, from + i, y);
    }
    for (; i < rows.length; i++) {
      addOne(rows[i], a[from + i], y, n);
    }
  }

  @Override
  public void addProducts(float[][] rows, int n, float[][] a, float[][] y) {
    for (int block = 0; block < y.length; block += LANES) {
      int end = Math.min(y.length, block + LANES);
      int i = 0;
      for (; i + 4 <= rows.length; i += 4) {
        int lane = block;
        for (; lane + 2 <= end; lane += 2) {
          addFourToTwo(rows, i, n, a[lane], a[lane + 1], y[lane], y[lane + 1]);
        }
        if (lane < end) {
          addFour(rows, i, n, a[lane], i, y[lane]);
        }
      }
      for (; i < rows.length; i++) {
        for (int lane = block; lane < end; lane++) {
          addOne(rows[i], a[lane][i], y[lane], n);
        }
      }
    }
  }

  @Override
  public Product product(float[][] rows, float[] bias) {
    return new PlainProduct(this, rows, bias);
  }

  @Override
  public void add(float[] x, int xFrom, float[] y, int yFrom, int n) {
    for (int j = 0; j < n; j++) {
      y[yFrom + j] += x[xFrom + j];
    }
  }

  @Override
  public void tanh(float[] x, int from, int to) {
    ActivationFunctions.tanh(x, from, to);
  }

  @Override
  public void logistic(float[] x, int from, int to) {
    ActivationFunctions.logistic(x, from, to);
  }

  @Override
  public void exp(float[] x, int xFrom, float[] y, int yFrom, int n) {
    ActivationFunctions.exp(x, xFrom, y, yFrom, n);
  }

  @Override
  public Cell gru(int hiddenSize) {
    return new GruCell(hiddenSize);
  }

  @Override
  public Cell lstm(int hiddenSize) {
    return new LstmCell(hiddenSize);
  }

  @Override
  public Cell slstm(int hiddenSize) {
    return new SlstmCell(hiddenSize);
  }

  @Override
  public Cell lru(int hiddenSize) {
    return new LruCell(hiddenSize);
  }

  @Override
  public String toString() {
    return "plain Java";
  }

  private static void addFour(float[][] rows, int i, int n, float[] a, int aOffset, float[] y) {
    float a0 = a[aOffset];
    float a1 = a[aOffset + 1];
    float a2 = a[aOffset + 2];
    float a3 = a[aOffset + 3];
    addFour(rows[i], rows[i + 1], rows[i + 2], rows[i + 3], a0, a1, a2, a3, y, n);
  }

  private static void addFourToTwo(
      float[][] rows, int i, int n, float[] a, float[] b, float[] y, float[] z) {
    addFourToTwo(
        rows[i],
        rows[i + 1],
        rows[i + 2],
        rows[i + 3],
        a[i],
        a[i + 1],
        a[i + 2],
        a[i + 3],
        y,
        b[i],
        b[i + 1],
        b[i + 2],
        b[i + 3],
        z,
        n);
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
      float sumY = Math.fma(a0, row0[j], y[j]);
      sumY = Math.fma(a1, row1[j], sumY);
      sumY = Math.fma(a2, row2[j], sumY);
      y[j] = Math.fma(a3, row3[j], sumY);
    }
  }

  private static void addFourToTwo(
      float[] row0,
      float[] row1,
      float[] row2,
      float[] row3,
      float a0,
      float a1,
      float a2,
      float a3,
      float[] y,
      float b0,
      float b1,
      float b2,
      float b3,
      float[] z,
      int n) {
    for (int j = 0; j < n; j++) {
      float sumY = Math.fma(a0, row0[j], y[j]);
      sumY = Math.fma(a1, row1[j], sumY);
      sumY = Math.fma(a2, row2[j], sumY);
      y[j] = Math.fma(a3, row3[j], sumY);
      float sumZ = Math.fma(b0, row0[j], z[j]);
      sumZ = Math.fma(b1, row1[j], sumZ);
      sumZ = Math.fma(b2, row2[j], sumZ);
      z[j] = Math.fma(b3, row3[j], sumZ);
    }
  }
}
