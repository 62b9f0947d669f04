package io.eddy.model.io;

import java.util.Arrays;

/** A float32 array of a model file, row-major. The array is not copied. */
public final class Tensor {
  private final int[] shape;
  private final float[] values;

  /** Throws {@link IllegalArgumentException} if the shape does not match the number of values. */
  public Tensor(int[] shape, float[] values) {
    this.shape = shape.clone();
    this.values = values;
    if (sizeOf(shape) != values.length) {
      throw new IllegalArgumentException(
          "tensor %s: expected %d values, got %d"
              .formatted(Arrays.toString(shape), sizeOf(shape), values.length));
    }
  }

  /** Returns the number of values of a shape; throws {@link ArithmeticException} on overflow. */
  static long sizeOf(int[] shape) {
    long size = 1;
    for (int dimension : shape) {
      size = Math.multiplyExact(size, dimension);
    }
    return size;
  }

  public int[] shape() {
    return shape.clone();
  }

  public float[] values() {
    return values;
  }
}
