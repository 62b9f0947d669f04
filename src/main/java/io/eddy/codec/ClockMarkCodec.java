package io.eddy.codec;

import io.eddy.series.ClockMark;
import java.nio.ByteBuffer;

/** What is remembered of a series' clock ↔ the bytes of the window store: a version, four times. */
public final class ClockMarkCodec {
  private static final byte VERSION = 1;
  private static final int SIZE = 1 + 4 * Long.BYTES;

  private ClockMarkCodec() {}

  public static byte[] encode(ClockMark mark) {
    return ByteBuffer.allocate(SIZE)
        .put(VERSION)
        .putLong(mark.passedMs())
        .putLong(mark.begunMs())
        .putLong(mark.doubtedMs())
        .putLong(mark.doubtedAtMs())
        .array();
  }

  /** Throws {@link IllegalStateException} on bytes of a layout that is not known. */
  public static ClockMark decode(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte version = bytes.get();
    if (version != VERSION) {
      throw new IllegalStateException("clock of layout " + version + " is not known");
    }
    return new ClockMark(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
  }
}
