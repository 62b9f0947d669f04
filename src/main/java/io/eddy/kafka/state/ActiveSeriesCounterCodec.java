package io.eddy.kafka.state;

import io.eddy.admission.ActiveSeriesCounter;
import java.nio.ByteBuffer;

/** Encodes the counter of active series: a layout byte, 1, then its numbers, big-endian. */
final class ActiveSeriesCounterCodec {
  private static final byte LAYOUT = 1;

  private ActiveSeriesCounterCodec() {}

  static byte[] encode(ActiveSeriesCounter counter) {
    long[] numbers = counter.snapshot();
    ByteBuffer bytes = ByteBuffer.allocate(1 + Long.BYTES * numbers.length);
    bytes.put(LAYOUT).asLongBuffer().put(numbers);
    return bytes.array();
  }

  /**
   * Restores a counter.
   *
   * @return false if the value was encoded with another time to live; the counter stays unchanged
   * @throws UnknownLayoutException on an unknown layout
   */
  static boolean restore(ActiveSeriesCounter counter, byte[] value) {
    if (value[0] != LAYOUT) {
      throw new UnknownLayoutException("active series", value[0]);
    }
    long[] numbers = new long[(value.length - 1) / Long.BYTES];
    ByteBuffer.wrap(value, 1, value.length - 1).asLongBuffer().get(numbers);
    return counter.restore(numbers);
  }
}
