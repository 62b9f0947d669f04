package io.eddy.nn.kernel;

/**
 * The product of a matrix with one vector, y = b + Σ_i x_i · row_i, i ascending with fused
 * multiply-adds.
 *
 * <p>An instance holds copies of the rows and of b, in the layout that the kernel reads fastest.
 * Immutable and thread-safe.
 */
public interface Product {
  /** Returns the number of elements of y that a product writes: n or more. */
  int outputSize();

  /**
   * Computes y.
   *
   * @param x [R], starting at {@code from}; not modified
   * @param y [{@link #outputSize}] at least; the first n elements are the product, the others of
   *     {@code outputSize} are undefined
   */
  void apply(float[] x, int from, float[] y);
}
