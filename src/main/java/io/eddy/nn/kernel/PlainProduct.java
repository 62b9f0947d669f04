package io.eddy.nn.kernel;

import java.util.Arrays;

/** {@link Product} in plain Java. The layout is that of {@link PlainKernel#addProduct}. */
final class PlainProduct implements Product {
  private final Kernel kernel;
  private final float[][] rows;
  private final float[] bias;

  /**
   * Creates a product.
   *
   * @param rows [R, n]; copied
   * @param bias b [n]; copied
   */
  PlainProduct(Kernel kernel, float[][] rows, float[] bias) {
    this.kernel = kernel;
    this.rows = Arrays.stream(rows).map(float[]::clone).toArray(float[][]::new);
    this.bias = bias.clone();
  }

  @Override
  public int outputSize() {
    return bias.length;
  }

  @Override
  public void apply(float[] x, int from, float[] y) {
    System.arraycopy(bias, 0, y, 0, bias.length);
    kernel.addProduct(rows, bias.length, x, from, y);
  }
}
