package io.eddy.training;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.jspecify.annotations.Nullable;

/**
 * Ridge regression in closed form: W = (FᵀF + λI)⁻¹FᵀY (A. E. Hoerl and R. W. Kennard, 1970).
 *
 * <p>Examples are accumulated into the normal equations in the order they are added, in float64
 * with fused multiply-adds, so the same examples in the same order give the same bits. Memory does
 * not depend on the number of examples. Notation: P features, J targets.
 */
final class RidgeRegression {
  /** FᵀF [P, P]; only the upper triangle is set. */
  private final DMatrixRMaj gram;

  /** FᵀY [P, J]. */
  private final DMatrixRMaj cross;

  /** ‖Y‖². */
  private double squaredTargets;

  RidgeRegression(int features, int targets) {
    gram = new DMatrixRMaj(features, features);
    cross = new DMatrixRMaj(features, targets);
  }

  /**
   * Adds an example.
   *
   * @param x features [P]; not modified
   * @param y targets [J]; not modified
   */
  void add(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      addScaled(x[i], x, i, gram.data, i * x.length);
      addScaled(x[i], y, 0, cross.data, i * y.length);
    }
    for (double value : y) {
      squaredTargets = Math.fma(value, value, squaredTargets);
    }
  }

  /** Computes row += factor · v over the elements from {@code begin} on. */
  private static void addScaled(double factor, double[] v, int begin, double[] rows, int row) {
    for (int k = begin; k < v.length; k++) {
      rows[row + k] = Math.fma(factor, v[k], rows[row + k]);
    }
  }

  /** Returns the same examples with their first {@code features} features only; a copy. */
  RidgeRegression leading(int features) {
    RidgeRegression leading = new RidgeRegression(features, cross.numCols);
    CommonOps_DDRM.extract(gram, 0, features, 0, features, leading.gram, 0, 0);
    CommonOps_DDRM.extract(cross, 0, features, 0, cross.numCols, leading.cross, 0, 0);
    leading.squaredTargets = squaredTargets;
    return leading;
  }

  /** Adds all examples of another regression. */
  void add(RidgeRegression other) {
    CommonOps_DDRM.addEquals(gram, other.gram);
    CommonOps_DDRM.addEquals(cross, other.cross);
    squaredTargets += other.squaredTargets;
  }

  /** Returns the sum of squares of feature {@code i}: an element of the diagonal of FᵀF. */
  double squaredFeature(int i) {
    return gram.get(i, i);
  }

  /**
   * Solves for the weights.
   *
   * @param lambda λ
   * @return W [P, J]; null if FᵀF is zero, not finite or, together with λI, not positive definite
   */
  @Nullable DMatrixRMaj solve(double lambda) {
    DMatrixRMaj matrix = symmetricGram();
    double trace = CommonOps_DDRM.trace(matrix);
    for (int i = 0; i < matrix.numRows; i++) {
      matrix.add(i, i, lambda);
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(matrix.numRows);
    if (!(trace > 0) || Double.isInfinite(trace) || !solver.setA(matrix)) {
      return null;
    }
    DMatrixRMaj weights = new DMatrixRMaj(matrix.numRows, cross.numCols);
    solver.solve(cross, weights);
    return weights;
  }

  /**
   * Returns the squared error of weights on the examples: ‖Y − FW‖² = ‖Y‖² − 2·tr(WᵀFᵀY) +
   * tr(WᵀFᵀFW).
   *
   * @param weights W [P, J]; not modified
   */
  double squaredError(DMatrixRMaj weights) {
    DMatrixRMaj product = new DMatrixRMaj(weights.numRows, weights.numCols);
    CommonOps_DDRM.mult(symmetricGram(), weights, product);
    return squaredTargets - 2 * dot(weights, cross) + dot(weights, product);
  }

  private DMatrixRMaj symmetricGram() {
    DMatrixRMaj matrix = gram.copy();
    for (int i = 0; i < matrix.numRows; i++) {
      for (int k = 0; k < i; k++) {
        matrix.set(i, k, matrix.get(k, i));
      }
    }
    return matrix;
  }

  private static double dot(DMatrixRMaj a, DMatrixRMaj b) {
    double sum = 0;
    for (int i = 0; i < a.data.length; i++) {
      sum = Math.fma(a.data[i], b.data[i], sum);
    }
    return sum;
  }
}
