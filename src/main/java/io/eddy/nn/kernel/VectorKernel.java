package io.eddy.nn.kernel;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import java.util.Optional;
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
 * have one species and are never passed to or returned from a method of ours: otherwise C2 of JDK
 * 17 allocates them as objects, which happens as soon as a class has seen two species, a callee was
 * compiled before its caller, or the caller has become too large to inline anything but the vector
 * API. The factors of a lane are an array that is indexed by the loop variable alone, so its bounds
 * are checked once per loop and not once per row.
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

  private static final FloatVector MIN_EXPONENT =
      FloatVector.broadcast(SPECIES, ActivationFunctions.MIN_EXPONENT);
  private static final FloatVector ZERO = FloatVector.broadcast(SPECIES, 0f);
  private static final FloatVector INVERSE_LN2 =
      FloatVector.broadcast(SPECIES, ActivationFunctions.INVERSE_LN2);
  private static final FloatVector LN2_HIGH =
      FloatVector.broadcast(SPECIES, ActivationFunctions.LN2_HIGH);
  private static final FloatVector LN2_LOW =
      FloatVector.broadcast(SPECIES, ActivationFunctions.LN2_LOW);
  private static final FloatVector ROUNDING =
      FloatVector.broadcast(SPECIES, ActivationFunctions.ROUNDING);
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);
  private static final FloatVector E2 = FloatVector.broadcast(SPECIES, ActivationFunctions.E2);
  private static final FloatVector E3 = FloatVector.broadcast(SPECIES, ActivationFunctions.E3);
  private static final FloatVector E4 = FloatVector.broadcast(SPECIES, ActivationFunctions.E4);
  private static final FloatVector E5 = FloatVector.broadcast(SPECIES, ActivationFunctions.E5);
  private static final FloatVector E6 = FloatVector.broadcast(SPECIES, ActivationFunctions.E6);

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
  public Product product(float[][] rows, float[] bias) {
    return new VectorProduct(rows, bias);
  }

  @Override
  public Optional<Step> lstmStep(float[][] rows, float[] bias) {
    return VectorPanels.fit(bias.length / 4)
        ? Optional.of(new VectorLstmStep(rows, bias))
        : Optional.empty();
  }

  @Override
  public Optional<Step> gruStep(float[][] rows, float[] inputBias, float[] recurrentBias) {
    return VectorPanels.fit(inputBias.length / 3)
        ? Optional.of(new VectorGruStep(rows, inputBias, recurrentBias))
        : Optional.empty();
  }

  @Override
  public void add(float[] x, int xFrom, float[] y, int yFrom, int n) {
    int j = 0;
    for (; j + W <= n; j += W) {
      fromArray(SPECIES, y, yFrom + j)
          .add(fromArray(SPECIES, x, xFrom + j))
          .intoArray(y, yFrom + j);
    }
    for (; j < n; j++) {
      y[yFrom + j] += x[xFrom + j];
    }
  }

  @Override
  public void tanh(float[] x, int from, int to) {
    scaledTanh(x, from, to, 1f, -0f);
  }

  @Override
  public void logistic(float[] x, int from, int to) {
    scaledTanh(x, from, to, 0.5f, 0.5f);
  }

  /**
   * Replaces x[from … to) by scale·tanh(scale·x) + shift. Adding −0 keeps the sign of zeros.
   *
   * <p><b>Implementation note.</b> See {@link ActivationFunctions#TANH}.
   */
  private static void scaledTanh(float[] x, int from, int to, float scale, float shift) {
    float[] constants = ActivationFunctions.TANH;
    FloatVector clamp = FloatVector.broadcast(SPECIES, constants[0]);
    FloatVector minusClamp = FloatVector.broadcast(SPECIES, -constants[0]);
    FloatVector one = FloatVector.broadcast(SPECIES, constants[1]);
    FloatVector p1 = FloatVector.broadcast(SPECIES, constants[2]);
    FloatVector p2 = FloatVector.broadcast(SPECIES, constants[3]);
    FloatVector p3 = FloatVector.broadcast(SPECIES, constants[4]);
    FloatVector p4 = FloatVector.broadcast(SPECIES, constants[5]);
    FloatVector q1 = FloatVector.broadcast(SPECIES, constants[6]);
    FloatVector q2 = FloatVector.broadcast(SPECIES, constants[7]);
    FloatVector q3 = FloatVector.broadcast(SPECIES, constants[8]);
    FloatVector q4 = FloatVector.broadcast(SPECIES, constants[9]);
    FloatVector scales = FloatVector.broadcast(SPECIES, scale);
    FloatVector shifts = FloatVector.broadcast(SPECIES, shift);
    int j = from;
    for (; j + W <= to; j += W) {
      FloatVector value = fromArray(SPECIES, x, j).mul(scales);
      value =
          value
              .blend(clamp, value.compare(GT, clamp))
              .blend(minusClamp, value.compare(LT, minusClamp));
      FloatVector u = value.mul(value);
      FloatVector p = u.fma(u.fma(u.fma(u.fma(p4, p3), p2), p1), one);
      FloatVector q = u.fma(u.fma(u.fma(u.fma(q4, q3), q2), q1), one);
      scales.fma(value.mul(p).div(q), shifts).intoArray(x, j);
    }
    for (; j < to; j++) {
      x[j] = Math.fma(scale, ActivationFunctions.tanh(scale * x[j]), shift);
    }
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
      FloatVector value = fromArray(SPECIES, x, xFrom + j).min(ZERO).max(MIN_EXPONENT);
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
      fromArray(SPECIES, x, xAt + j).mul(fromArray(SPECIES, y, yAt + j)).intoArray(z, zAt + j);
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
      fromArray(SPECIES, x, xAt + j)
          .fma(fromArray(SPECIES, y, yAt + j), fromArray(SPECIES, s, sAt + j))
          .intoArray(z, zAt + j);
    }
    for (; j < n; j++) {
      z[zAt + j] = Math.fma(x[xAt + j], y[yAt + j], s[sAt + j]);
    }
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
    FloatVector y0j = fromArray(SPECIES, y0, j);
    FloatVector y0k = fromArray(SPECIES, y0, k);
    FloatVector y0l = fromArray(SPECIES, y0, l);
    FloatVector y0m = fromArray(SPECIES, y0, m);
    FloatVector y1j = fromArray(SPECIES, y1, j);
    FloatVector y1k = fromArray(SPECIES, y1, k);
    FloatVector y1l = fromArray(SPECIES, y1, l);
    FloatVector y1m = fromArray(SPECIES, y1, m);
    FloatVector y2j = fromArray(SPECIES, y2, j);
    FloatVector y2k = fromArray(SPECIES, y2, k);
    FloatVector y2l = fromArray(SPECIES, y2, l);
    FloatVector y2m = fromArray(SPECIES, y2, m);
    FloatVector y3j = fromArray(SPECIES, y3, j);
    FloatVector y3k = fromArray(SPECIES, y3, k);
    FloatVector y3l = fromArray(SPECIES, y3, l);
    FloatVector y3m = fromArray(SPECIES, y3, m);
    for (int i = 0; i < rows.length; i++) {
      float[] row = rows[i];
      FloatVector rowJ = fromArray(SPECIES, row, j);
      FloatVector rowK = fromArray(SPECIES, row, k);
      FloatVector rowL = fromArray(SPECIES, row, l);
      FloatVector rowM = fromArray(SPECIES, row, m);
      FloatVector a = FloatVector.broadcast(SPECIES, a0[i]);
      y0j = a.fma(rowJ, y0j);
      y0k = a.fma(rowK, y0k);
      y0l = a.fma(rowL, y0l);
      y0m = a.fma(rowM, y0m);
      a = FloatVector.broadcast(SPECIES, a1[i]);
      y1j = a.fma(rowJ, y1j);
      y1k = a.fma(rowK, y1k);
      y1l = a.fma(rowL, y1l);
      y1m = a.fma(rowM, y1m);
      a = FloatVector.broadcast(SPECIES, a2[i]);
      y2j = a.fma(rowJ, y2j);
      y2k = a.fma(rowK, y2k);
      y2l = a.fma(rowL, y2l);
      y2m = a.fma(rowM, y2m);
      a = FloatVector.broadcast(SPECIES, a3[i]);
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
    FloatVector y0j = fromArray(SPECIES, y0, j);
    FloatVector y0k = fromArray(SPECIES, y0, k);
    FloatVector y1j = fromArray(SPECIES, y1, j);
    FloatVector y1k = fromArray(SPECIES, y1, k);
    FloatVector y2j = fromArray(SPECIES, y2, j);
    FloatVector y2k = fromArray(SPECIES, y2, k);
    FloatVector y3j = fromArray(SPECIES, y3, j);
    FloatVector y3k = fromArray(SPECIES, y3, k);
    for (int i = 0; i < rows.length; i++) {
      float[] row = rows[i];
      FloatVector rowJ = fromArray(SPECIES, row, j);
      FloatVector rowK = fromArray(SPECIES, row, k);
      FloatVector a = FloatVector.broadcast(SPECIES, a0[i]);
      y0j = a.fma(rowJ, y0j);
      y0k = a.fma(rowK, y0k);
      a = FloatVector.broadcast(SPECIES, a1[i]);
      y1j = a.fma(rowJ, y1j);
      y1k = a.fma(rowK, y1k);
      a = FloatVector.broadcast(SPECIES, a2[i]);
      y2j = a.fma(rowJ, y2j);
      y2k = a.fma(rowK, y2k);
      a = FloatVector.broadcast(SPECIES, a3[i]);
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
    FloatVector sum0 = fromArray(SPECIES, y0, j);
    FloatVector sum1 = fromArray(SPECIES, y1, j);
    FloatVector sum2 = fromArray(SPECIES, y2, j);
    FloatVector sum3 = fromArray(SPECIES, y3, j);
    for (int i = 0; i < rows.length; i++) {
      FloatVector row = fromArray(SPECIES, rows[i], j);
      sum0 = FloatVector.broadcast(SPECIES, a0[i]).fma(row, sum0);
      sum1 = FloatVector.broadcast(SPECIES, a1[i]).fma(row, sum1);
      sum2 = FloatVector.broadcast(SPECIES, a2[i]).fma(row, sum2);
      sum3 = FloatVector.broadcast(SPECIES, a3[i]).fma(row, sum3);
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
    FloatVector sum0 = fromArray(SPECIES, y, j);
    FloatVector sum1 = fromArray(SPECIES, y, j + W);
    FloatVector sum2 = fromArray(SPECIES, y, j + 2 * W);
    FloatVector sum3 = fromArray(SPECIES, y, j + 3 * W);
    FloatVector sum4 = fromArray(SPECIES, y, j + 4 * W);
    FloatVector sum5 = fromArray(SPECIES, y, j + 5 * W);
    FloatVector sum6 = fromArray(SPECIES, y, j + 6 * W);
    FloatVector sum7 = fromArray(SPECIES, y, j + 7 * W);
    FloatVector sum8 = fromArray(SPECIES, y, j + 8 * W);
    FloatVector sum9 = fromArray(SPECIES, y, j + 9 * W);
    FloatVector sum10 = fromArray(SPECIES, y, j + 10 * W);
    FloatVector sum11 = fromArray(SPECIES, y, j + 11 * W);
    FloatVector sum12 = fromArray(SPECIES, y, j + 12 * W);
    FloatVector sum13 = fromArray(SPECIES, y, j + 13 * W);
    FloatVector sum14 = fromArray(SPECIES, y, j + 14 * W);
    FloatVector sum15 = fromArray(SPECIES, y, j + 15 * W);
    for (int i = 0; i < rows.length; i++) {
      float[] row = rows[i];
      FloatVector factor = FloatVector.broadcast(SPECIES, a[from + i]);
      sum0 = factor.fma(fromArray(SPECIES, row, j), sum0);
      sum1 = factor.fma(fromArray(SPECIES, row, j + W), sum1);
      sum2 = factor.fma(fromArray(SPECIES, row, j + 2 * W), sum2);
      sum3 = factor.fma(fromArray(SPECIES, row, j + 3 * W), sum3);
      sum4 = factor.fma(fromArray(SPECIES, row, j + 4 * W), sum4);
      sum5 = factor.fma(fromArray(SPECIES, row, j + 5 * W), sum5);
      sum6 = factor.fma(fromArray(SPECIES, row, j + 6 * W), sum6);
      sum7 = factor.fma(fromArray(SPECIES, row, j + 7 * W), sum7);
      sum8 = factor.fma(fromArray(SPECIES, row, j + 8 * W), sum8);
      sum9 = factor.fma(fromArray(SPECIES, row, j + 9 * W), sum9);
      sum10 = factor.fma(fromArray(SPECIES, row, j + 10 * W), sum10);
      sum11 = factor.fma(fromArray(SPECIES, row, j + 11 * W), sum11);
      sum12 = factor.fma(fromArray(SPECIES, row, j + 12 * W), sum12);
      sum13 = factor.fma(fromArray(SPECIES, row, j + 13 * W), sum13);
      sum14 = factor.fma(fromArray(SPECIES, row, j + 14 * W), sum14);
      sum15 = factor.fma(fromArray(SPECIES, row, j + 15 * W), sum15);
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
      FloatVector sum = fromArray(SPECIES, y, j);
      for (int i = 0; i < rows.length; i++) {
        sum = FloatVector.broadcast(SPECIES, a[from + i]).fma(fromArray(SPECIES, rows[i], j), sum);
      }
      sum.intoArray(y, j);
    }
    addRest(rows, j, n, a, from, y);
  }

  /** Adds the products of four vectors of columns, starting at j, to one lane. */
  private static void addFour(float[][] rows, int j, float[] a, int from, float[] y) {
    FloatVector sum0 = fromArray(SPECIES, y, j);
    FloatVector sum1 = fromArray(SPECIES, y, j + W);
    FloatVector sum2 = fromArray(SPECIES, y, j + 2 * W);
    FloatVector sum3 = fromArray(SPECIES, y, j + 3 * W);
    for (int i = 0; i < rows.length; i++) {
      float[] row = rows[i];
      FloatVector factor = FloatVector.broadcast(SPECIES, a[from + i]);
      sum0 = factor.fma(fromArray(SPECIES, row, j), sum0);
      sum1 = factor.fma(fromArray(SPECIES, row, j + W), sum1);
      sum2 = factor.fma(fromArray(SPECIES, row, j + 2 * W), sum2);
      sum3 = factor.fma(fromArray(SPECIES, row, j + 3 * W), sum3);
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
