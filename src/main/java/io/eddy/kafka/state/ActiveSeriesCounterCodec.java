package io.eddy.kafka.state;

import io.eddy.admission.ActiveSeriesCounter;
import java.nio.ByteBuffer;

/** How many series are there ↔ the bytes of the window store: a version byte, the numbers. */
public final class ActiveSeriesCounterCodec {
  private static final byte VERSION = 1;

  private ActiveSeriesCounterCodec() {}

  /** The key, which no series has: none has an empty name. */
  public static byte[] key() {
    return SegmentCodec.key("", 0);
  }

  public static byte[] encode(ActiveSeriesCounter census) {
    long[] numbers = census.snapshot();
    ByteBuffer bytes = ByteBuffer.allocate(1 + Long.BYTES * numbers.length);
    bytes.put(VERSION).asLongBuffer().put(numbers);
    return bytes.array();
  }

  /**
   * Lets a census go on from what was written.
   *
   * @return false, and nothing is changed, where that was made with another time to live
   * @throws IllegalStateException on bytes of a layout that is not known
   */
  public static boolean restore(ActiveSeriesCounter census, byte[] value) {
    if (value[0] != VERSION) {
      throw new IllegalStateException("census of layout " + value[0] + " is not known");
    }
    long[] numbers = new long[(value.length - 1) / Long.BYTES];
    ByteBuffer.wrap(value, 1, value.length - 1).asLongBuffer().get(numbers);
    return census.restore(numbers);
  }
}
