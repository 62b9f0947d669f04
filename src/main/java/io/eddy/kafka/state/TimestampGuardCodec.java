package io.eddy.kafka.state;

import io.eddy.admission.TimestampGuardState;
import java.nio.ByteBuffer;

/** What is remembered of a series' clock ↔ the bytes of the window store: a version, four times. */
public final class TimestampGuardCodec {
  private static final byte VERSION = 1;
  private static final int SIZE = 1 + 4 * Long.BYTES;

  private TimestampGuardCodec() {}

  public static byte[] encode(TimestampGuardState mark) {
    return ByteBuffer.allocate(SIZE)
        .put(VERSION)
        .putLong(mark.passedMs())
        .putLong(mark.begunMs())
        .putLong(mark.doubtedMs())
        .putLong(mark.doubtedAtMs())
        .array();
  }

  /** Throws {@link IllegalStateException} on bytes of a layout that is not known. */
  public static TimestampGuardState decode(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte version = bytes.get();
    if (version != VERSION) {
      throw new IllegalStateException("clock of layout " + version + " is not known");
    }
    return new TimestampGuardState(
        bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
  }
}
