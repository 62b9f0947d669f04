package io.eddy.model.io;

import java.util.Arrays;

/** A float32 array of a model file, row-major. The array is not copied. */
public final class Tensor {
  private final int[] shape;
  private final float[] values;
  private final DataType type;

  /** Throws {@link IllegalArgumentException} if the shape does not match the number of values. */
  public Tensor(int[] shape, float[] values) {
    this(shape, values, DataType.F32);
  }

  /**
   * Creates a tensor of values that were converted from another type. Throws {@link
   * IllegalArgumentException} if the shape does not match the number of values.
   */
  Tensor(int[] shape, float[] values, DataType type) {
    this.type = type;
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

  /** Returns the type that the values had in the file. */
  DataType type() {
    return type;
  }

  public float[] values() {
    return values;
  }
}
