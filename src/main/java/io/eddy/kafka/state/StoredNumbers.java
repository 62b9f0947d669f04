package io.eddy.kafka.state;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Reads numbers of stored values. */
final class StoredNumbers {
  private StoredNumbers() {}

  /**
   * Reads numbers. Damaged bytes may give any size, so no array is allocated before it is checked.
   *
   * @throws BufferUnderflowException if fewer numbers are left
   */
  static double[] get(ByteBuffer bytes, int size) {
    if (size < 0 || size > bytes.remaining() / Double.BYTES) {
      throw new BufferUnderflowException();
    }
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = bytes.getDouble();
    }
    return values;
  }
}
