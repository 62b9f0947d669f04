package io.eddy.nn.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernel on the JDK's vector API. Sums stay in registers over all rows, and four lanes share each
 * load of a row.
 *
 * <p>The class is compiled and loaded separately, because its module is present only if the JVM was
 * started with it.
 *
 * <p><b>Implementation note.</b> The loops are written out for each block size on purpose. Vectors
 * have one species and are never passed to or returned from a method: otherwise C2 of JDK 17
 * allocates them as objects, which happens as soon as a class has seen two species or a callee was
 * compiled before its caller. Only the trivial helpers {@code load} and {@code broadcast}, which
 * are inlined, return vectors. The factors of a lane are an array that is indexed by the loop
 * variable alone, so its bounds are checked once per loop and not once per row.
 */
final class VectorKernel implements Kernel {
  /** The species of all vectors: the widest of the platform. */
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** Number of elements of a vector. */
  static final int W = SPECIES.length();

  /** Vectors of at most this many elements have only 16 registers, which do not hold 16 sums. */
  private static final int MAX_NARROW_LENGTH = 8;

  /**
   * Maximum number of columns for which the rows stay in the cache. Longer rows are processed one
   * after the other by the plain kernel.
   */
  private static final int MAX_COLUMNS = 32 * W;

  /** Maximum number of remaining columns that are processed column by column. */
  private static final int MAX_SCALAR_COLUMNS = 4;

  private static final FloatVector CLAMP = broadcast(ActivationFunctions.CLAMP);
  private static final FloatVector MINUS_CLAMP = broadcast(-ActivationFunctions.CLAMP);
  private static final FloatVector HALF = broadcast(0.5f);
  private static final FloatVector ONE = broadcast(1f);
  private static final FloatVector P0 = broadcast(ActivationFunctions.P0);
  private static final FloatVector P1 = broadcast(ActivationFunctions.P1);
  private static final FloatVector P2 = broadcast(ActivationFunctions.P2);
  private static final FloatVector P3 = broadcast(ActivationFunctions.P3);
  private static final FloatVector P4 = broadcast(ActivationFunctions.P4);
  private static final FloatVector Q1 = broadcast(ActivationFunctions.Q1);
  private static final FloatVector Q2 = broadcast(ActivationFunctions.Q2);
  private static final FloatVector Q3 = broadcast(ActivationFunctions.Q3);
  private static final FloatVector Q4 = broadcast(ActivationFunctions.Q4);

  private static final FloatVector MIN_EXPONENT = broadcast(ActivationFunctions.MIN_EXPONENT);
  private static final FloatVector ZERO = broadcast(0f);
  private static final FloatVector INVERSE_LN2 = broadcast(ActivationFunctions.INVERSE_LN2);
  private static final FloatVector LN2_HIGH = broadcast(ActivationFunctions.LN2_HIGH);
  private static final FloatVector LN2_LOW = broadcast(ActivationFunctions.LN2_LOW);
  private static final FloatVector ROUNDING = broadcast(ActivationFunctions.ROUNDING);
  private static final FloatVector E2 = broadcast(ActivationFunctions.E2);
  private static final FloatVector E3 = broadcast(ActivationFunctions.E3);
  private static final FloatVector E4 = broadcast(ActivationFunctions.E4);
  private static final FloatVector E5 = broadcast(ActivationFunctions.E5);
  private static final FloatVector E6 = broadcast(ActivationFunctions.E6);

  private final Kernel plain = new PlainKernel();

  /**
   * Creates a kernel.
   *
   * @throws IllegalStateException if vectors have fewer than 8 elements
   */
  VectorKernel() {
    if (W < 8) {
      throw new IllegalStateException("expected vectors of at least 8 elements, got " + W);
    }
  }

  @Override
  public void addProduct(float[][] rows, int n, float[] a, int from, float[] y) {
    if (n > MAX_COLUMNS) {
      plain.addProduct(rows, n, a, from, y);
      return;
    }
    int j = 0;
    for (; j + 16 * W <= n; j += 16 * W) {
      addSixteen(rows, j, a, from, y);
    }
    addToOne(rows, j, n, a, from, y);
  }

  @Override
  public void addProducts(float[][] rows, int n, float[][] a, float[][] y) {
    int lane = 0;
    for (; lane + 4 <= y.length; lane += 4) {
      addToFour(
          rows,
          n,
          a[lane],
          a[lane + 1],
          a[lane + 2],
          a[lane + 3],
          y[lane],
          y[lane + 1],
          y[lane + 2],
          y[lane + 3]);
    }
    for (; lane < y.length; lane++) {
      addProduct(rows, n, a[lane], 0, y[lane]);
    }
  }

  @Override
  public void add(float[] x, int xFrom, float[] y, int yFrom, int n) {
    int j = 0;
    for (; j + W <= n; j += W) {
      load(y, yFrom + j).add(load(x, xFrom + j)).intoArray(y, yFrom + j);
    }
    for (; j < n; j++) {
      y[yFrom + j] += x[xFrom + j];
    }
  }

  @Override
  public void tanh(float[] x, int from, int to) {
    int j = from;
    for (; j + W <= to; j += W) {
      FloatVector value = load(x, j).min(CLAMP).max(MINUS_CLAMP);
      FloatVector u = value.mul(value);
      FloatVector p = u.fma(u.fma(u.fma(u.fma(P4, P3), P2), P1), P0);
      FloatVector q = u.fma(u.fma(u.fma(u.fma(Q4, Q3), Q2), Q1), ONE);
      value.mul(p).div(q).intoArray(x, j);
    }
    ActivationFunctions.tanh(x, j, to);
  }

  @Override
  public void logistic(float[] x, int from, int to) {
    int j = from;
    for (; j + W <= to; j += W) {
      FloatVector value = load(x, j).mul(HALF).min(CLAMP).max(MINUS_CLAMP);
      FloatVector u = value.mul(value);
      FloatVector p = u.fma(u.fma(u.fma(u.fma(P4, P3), P2), P1), P0);
      FloatVector q = u.fma(u.fma(u.fma(u.fma(Q4, Q3), Q2), Q1), ONE);
      HALF.fma(value.mul(p).div(q), HALF).intoArray(x, j);
    }
    ActivationFunctions.logistic(x, j, to);
  }

  /**
   * {@inheritDoc}
   *
   * <p><b>Implementation note.</b> 2ⁿ is a shift of integers. Vectors of integers would be a second
   * species, so the numbers are shifted one by one.
   */
  @Override
  public void exp(float[] x, int xFrom, float[] y, int yFrom, int n) {
    int whole = n - n % W;
    for (int j = 0; j < whole; j += W) {
      FloatVector value = load(x, xFrom + j).min(ZERO).max(MIN_EXPONENT);
      FloatVector shifted = value.fma(INVERSE_LN2, ROUNDING);
      FloatVector minusN = ROUNDING.sub(shifted);
      FloatVector r = minusN.fma(LN2_LOW, minusN.fma(LN2_HIGH, value));
      FloatVector p = r.fma(r.fma(r.fma(r.fma(E6, E5), E4), E3), E2);
      r.mul(r).fma(p, r).add(ONE).intoArray(y, yFrom + j);
      shifted.intoArray(x, xFrom + j);
    }
    for (int j = 0; j < whole; j++) {
      y[yFrom + j] *= ActivationFunctions.powerOfTwo(x[xFrom + j]);
    }
    ActivationFunctions.exp(x, xFrom + whole, y, yFrom + whole, n - whole);
  }

  @Override
  public Cell gru(int hiddenSize) {
    return new VectorGruCell(this, hiddenSize);
  }

  @Override
  public Cell lstm(int hiddenSize) {
    return new VectorLstmCell(this, hiddenSize);
  }

  @Override
  public Cell slstm(int hiddenSize) {
    return new VectorSlstmCell(this, hiddenSize);
  }

  @Override
  public Cell lru(int hiddenSize) {
    return new VectorLruCell(this, hiddenSize);
  }

  @Override
  public String toString() {
    return "vectors of " + W;
  }

  /** Computes z = x∘y over n elements; each array starts at its offset. */
  static void multiply(float[] x, int xAt, float[] y, int yAt, float[] z, int zAt, int n) {
    int j = 0;
    for (; j + W <= n; j += W) {
      load(x, xAt + j).mul(load(y, yAt + j)).intoArray(z, zAt + j);
    }
    for (; j < n; j++) {
      z[zAt + j] = x[xAt + j] * y[yAt + j];
    }
  }

  /** Computes z = x∘y + s over n elements; each array starts at its offset. */
  static void multiplyAdd(
      float[] x, int xAt, float[] y, int yAt, float[] s, int sAt, float[] z, int zAt, int n) {
    int j = 0;
    for (; j + W <= n; j += W) {
      load(x, xAt + j).fma(load(y, yAt + j), load(s, sAt + j)).intoArray(z, zAt + j);
    }
    for (; j < n; j++) {
      z[zAt + j] = Math.fma(x[xAt + j], y[yAt + j], s[sAt + j]);
    }
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  /** Adds the products of four lanes. */
  private static void addToFour(
      float[][] rows,
      int n,
      float[] a0,
      float[] a1,
      float[] a2,
      float[] a3,
      float[] y0,
      float[] y1,
      float[] y2,
      float[] y3) {
    int j = 0;
    for (; W > MAX_NARROW_LENGTH && j + 4 * W <= n; j += 4 * W) {
      addFourToFour(rows, j, a0, a1, a2, a3, y0, y1, y2, y3);
    }
    for (; j + 2 * W <= n; j += 2 * W) {
      addTwoToFour(rows, j, a0, a1, a2, a3, y0, y1, y2, y3);
    }
    for (; j + W <= n; j += W) {
      addVectorToFour(rows, j, a0, a1, a2, a3, y0, y1, y2, y3);
    }
    if (n - j > MAX_SCALAR_COLUMNS) {
      addRest(rows, j, n, a0, 0, y0);
      addRest(rows, j, n, a1, 0, y1);
      addRest(rows, j, n, a2, 0, y2);
      addRest(rows, j, n, a3, 0, y3);
      return;
    }
    for (; j < n; j++) {
      addColumnToFour(rows, j, a0, a1, a2, a3, y0, y1, y2, y3);
    }
  }

  /** Adds the products of four vectors of columns, starting at j, to four lanes. */
  private static void addFourToFour(
      float[][] rows,
      int j,
      float[] a0,
      float[] a1,
      float[] a2,
      float[] a3,
      float[] y0,
      float[] y1,
      float[] y2,
      float[] y3) {
    int k = j + W;
    int l = k + W;
    int m = l + W;
    FloatVector y0j = load(y0, j);
    FloatVector y0k = load(y0, k);
    FloatVector y0l = load(y0, l);
    FloatVector y0m = load(y0, m);
    FloatVector y1j = load(y1, j);
    FloatVector y1k = load(y1, k);
    FloatVector y1l = load(y1, l);
    FloatVector y1m = load(y1, m);
    FloatVector y2j = load(y2, j);
    FloatVector y2k = load(y2, k);
    FloatVector y2l = load(y2, l);
    FloatVector y2m = load(y2, m);
    FloatVector y3j = load(y3, j);
    FloatVector y3k = load(y3, k);
    FloatVector y3l = load(y3, l);
    FloatVector y3m = load(y3, m);
    for (int i = 0; i < rows.length; i++) {
      float[] row = rows[i];
      FloatVector rowJ = load(row, j);
      FloatVector rowK = load(row, k);
      FloatVector rowL = load(row, l);
      FloatVector rowM = load(row, m);
      FloatVector a = broadcast(a0[i]);
      y0j = a.fma(rowJ, y0j);
      y0k = a.fma(rowK, y0k);
      y0l = a.fma(rowL, y0l);
      y0m = a.fma(rowM, y0m);
      a = broadcast(a1[i]);
      y1j = a.fma(rowJ, y1j);
      y1k = a.fma(rowK, y1k);
      y1l = a.fma(rowL, y1l);
      y1m = a.fma(rowM, y1m);
      a = broadcast(a2[i]);
      y2j = a.fma(rowJ, y2j);
      y2k = a.fma(rowK, y2k);
      y2l = a.fma(rowL, y2l);
      y2m = a.fma(rowM, y2m);
      a = broadcast(a3[i]);
      y3j = a.fma(rowJ, y3j);
      y3k = a.fma(rowK, y3k);
      y3l = a.fma(rowL, y3l);
      y3m = a.fma(rowM, y3m);
    }
    y0j.intoArray(y0, j);
    y0k.intoArray(y0, k);
    y0l.intoArray(y0, l);
    y0m.intoArray(y0, m);
    y1j.intoArray(y1, j);
    y1k.intoArray(y1, k);
    y1l.intoArray(y1, l);
    y1m.intoArray(y1, m);
    y2j.intoArray(y2, j);
    y2k.intoArray(y2, k);
    y2l.intoArray(y2, l);
    y2m.intoArray(y2, m);
    y3j.intoArray(y3, j);
    y3k.intoArray(y3, k);
    y3l.intoArray(y3, l);
    y3m.intoArray(y3, m);
  }

  /** Adds the products of two vectors of columns, starting at j, to four lanes. */
  private static void addTwoToFour(
      float[][] rows,
      int j,
      float[] a0,
      float[] a1,
      float[] a2,
      float[] a3,
      float[] y0,
      float[] y1,
      float[] y2,
      float[] y3) {
    int k = j + W;
    FloatVector y0j = load(y0, j);
    FloatVector y0k = load(y0, k);
    FloatVector y1j = load(y1, j);
    FloatVector y1k = load(y1, k);
    FloatVector y2j = load(y2, j);
    FloatVector y2k = load(y2, k);
    FloatVector y3j = load(y3, j);
    FloatVector y3k = load(y3, k);
    for (int i = 0; i < rows.length; i++) {
      float[] row = rows[i];
      FloatVector rowJ = load(row, j);
      FloatVector rowK = load(row, k);
      FloatVector a = broadcast(a0[i]);
      y0j = a.fma(rowJ, y0j);
      y0k = a.fma(rowK, y0k);
      a = broadcast(a1[i]);
      y1j = a.fma(rowJ, y1j);
      y1k = a.fma(rowK, y1k);
      a = broadcast(a2[i]);
      y2j = a.fma(rowJ, y2j);
      y2k = a.fma(rowK, y2k);
      a = broadcast(a3[i]);
      y3j = a.fma(rowJ, y3j);
      y3k = a.fma(rowK, y3k);
    }
    y0j.intoArray(y0, j);
    y0k.intoArray(y0, k);
    y1j.intoArray(y1, j);
    y1k.intoArray(y1, k);
    y2j.intoArray(y2, j);
    y2k.intoArray(y2, k);
    y3j.intoArray(y3, j);
    y3k.intoArray(y3, k);
  }

  /** Adds the products of one vector of columns, starting at j, to four lanes. */
  private static void addVectorToFour(
      float[][] rows,
      int j,
      float[] a0,
      float[] a1,
      float[] a2,
      float[] a3,
      float[] y0,
      float[] y1,
      float[] y2,
      float[] y3) {
    FloatVector sum0 = load(y0, j);
    FloatVector sum1 = load(y1, j);
    FloatVector sum2 = load(y2, j);
    FloatVector sum3 = load(y3, j);
    for (int i = 0; i < rows.length; i++) {
      FloatVector row = load(rows[i], j);
      sum0 = broadcast(a0[i]).fma(row, sum0);
      sum1 = broadcast(a1[i]).fma(row, sum1);
      sum2 = broadcast(a2[i]).fma(row, sum2);
      sum3 = broadcast(a3[i]).fma(row, sum3);
    }
    sum0.intoArray(y0, j);
    sum1.intoArray(y1, j);
    sum2.intoArray(y2, j);
    sum3.intoArray(y3, j);
  }

  /** Adds the products of column j to four lanes. */
  private static void addColumnToFour(
      float[][] rows,
      int j,
      float[] a0,
      float[] a1,
      float[] a2,
      float[] a3,
      float[] y0,
      float[] y1,
      float[] y2,
      float[] y3) {
    float sum0 = y0[j];
    float sum1 = y1[j];
    float sum2 = y2[j];
    float sum3 = y3[j];
    for (int i = 0; i < rows.length; i++) {
      float value = rows[i][j];
      sum0 = Math.fma(a0[i], value, sum0);
      sum1 = Math.fma(a1[i], value, sum1);
      sum2 = Math.fma(a2[i], value, sum2);
      sum3 = Math.fma(a3[i], value, sum3);
    }
    y0[j] = sum0;
    y1[j] = sum1;
    y2[j] = sum2;
    y3[j] = sum3;
  }

  /** Adds the products of sixteen vectors of columns, starting at j, to one lane. */
  private static void addSixteen(float[][] rows, int j, float[] a, int from, float[] y) {
    FloatVector sum0 = load(y, j);
    FloatVector sum1 = load(y, j + W);
    FloatVector sum2 = load(y, j + 2 * W);
    FloatVector sum3 = load(y, j + 3 * W);
    FloatVector sum4 = load(y, j + 4 * W);
    FloatVector sum5 = load(y, j + 5 * W);
    FloatVector sum6 = load(y, j + 6 * W);
    FloatVector sum7 = load(y, j + 7 * W);
    FloatVector sum8 = load(y, j + 8 * W);
    FloatVector sum9 = load(y, j + 9 * W);
    FloatVector sum10 = load(y, j + 10 * W);
    FloatVector sum11 = load(y, j + 11 * W);
    FloatVector sum12 = load(y, j + 12 * W);
    FloatVector sum13 = load(y, j + 13 * W);
    FloatVector sum14 = load(y, j + 14 * W);
    FloatVector sum15 = load(y, j + 15 * W);
    for (int i = 0; i < rows.length; i++) {
      float[] row = rows[i];
      FloatVector factor = broadcast(a[from + i]);
      sum0 = factor.fma(load(row, j), sum0);
      sum1 = factor.fma(load(row, j + W), sum1);
      sum2 = factor.fma(load(row, j + 2 * W), sum2);
      sum3 = factor.fma(load(row, j + 3 * W), sum3);
      sum4 = factor.fma(load(row, j + 4 * W), sum4);
      sum5 = factor.fma(load(row, j + 5 * W), sum5);
      sum6 = factor.fma(load(row, j + 6 * W), sum6);
      sum7 = factor.fma(load(row, j + 7 * W), sum7);
      sum8 = factor.fma(load(row, j + 8 * W), sum8);
      sum9 = factor.fma(load(row, j + 9 * W), sum9);
      sum10 = factor.fma(load(row, j + 10 * W), sum10);
      sum11 = factor.fma(load(row, j + 11 * W), sum11);
      sum12 = factor.fma(load(row, j + 12 * W), sum12);
      sum13 = factor.fma(load(row, j + 13 * W), sum13);
      sum14 = factor.fma(load(row, j + 14 * W), sum14);
      sum15 = factor.fma(load(row, j + 15 * W), sum15);
    }
    sum0.intoArray(y, j);
    sum1.intoArray(y, j + W);
    sum2.intoArray(y, j + 2 * W);
    sum3.intoArray(y, j + 3 * W);
    sum4.intoArray(y, j + 4 * W);
    sum5.intoArray(y, j + 5 * W);
    sum6.intoArray(y, j + 6 * W);
    sum7.intoArray(y, j + 7 * W);
    sum8.intoArray(y, j + 8 * W);
    sum9.intoArray(y, j + 9 * W);
    sum10.intoArray(y, j + 10 * W);
    sum11.intoArray(y, j + 11 * W);
    sum12.intoArray(y, j + 12 * W);
    sum13.intoArray(y, j + 13 * W);
    sum14.intoArray(y, j + 14 * W);
    sum15.intoArray(y, j + 15 * W);
  }

  /** Adds the products of the columns from {@code begin} on to one lane. */
  private static void addToOne(float[][] rows, int begin, int n, float[] a, int from, float[] y) {
    int j = begin;
    for (; j + 4 * W <= n; j += 4 * W) {
      addFour(rows, j, a, from, y);
    }
    for (; j + W <= n; j += W) {
      FloatVector sum = load(y, j);
      for (int i = 0; i < rows.length; i++) {
        sum = broadcast(a[from + i]).fma(load(rows[i], j), sum);
      }
      sum.intoArray(y, j);
    }
    addRest(rows, j, n, a, from, y);
  }

  /** Adds the products of four vectors of columns, starting at j, to one lane. */
  private static void addFour(float[][] rows, int j, float[] a, int from, float[] y) {
    FloatVector sum0 = load(y, j);
    FloatVector sum1 = load(y, j + W);
    FloatVector sum2 = load(y, j + 2 * W);
    FloatVector sum3 = load(y, j + 3 * W);
    for (int i = 0; i < rows.length; i++) {
      float[] row = rows[i];
      FloatVector factor = broadcast(a[from + i]);
      sum0 = factor.fma(load(row, j), sum0);
      sum1 = factor.fma(load(row, j + W), sum1);
      sum2 = factor.fma(load(row, j + 2 * W), sum2);
      sum3 = factor.fma(load(row, j + 3 * W), sum3);
    }
    sum0.intoArray(y, j);
    sum1.intoArray(y, j + W);
    sum2.intoArray(y, j + 2 * W);
    sum3.intoArray(y, j + 3 * W);
  }

  /** Adds the products of the remaining columns, which do not fill a vector, to one lane. */
  private static void addRest(float[][] rows, int begin, int n, float[] a, int from, float[] y) {
    int i = 0;
    for (; i + 4 <= rows.length; i += 4) {
      float[] row0 = rows[i];
      float[] row1 = rows[i + 1];
      float[] row2 = rows[i + 2];
      float[] row3 = rows[i + 3];
      float a0 = a[from + i];
      float a1 = a[from + i + 1];
      float a2 = a[from + i + 2];
      float a3 = a[from + i + 3];
      for (int j = begin; j < n; j++) {
        float sum = Math.fma(a0, row0[j], y[j]);
        sum = Math.fma(a1, row1[j], sum);
        sum = Math.fma(a2, row2[j], sum);
        y[j] = Math.fma(a3, row3[j], sum);
      }
    }
    for (; i < rows.length; i++) {
      float[] row = rows[i];
      float factor = a[from + i];
      for (int j = begin; j < n; j++) {
        y[j] = Math.fma(factor, row[j], y[j]);
      }
    }
  }
}
