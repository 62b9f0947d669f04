package io.eddy.kafka.state;

import io.eddy.admission.TimestampGuardState;
import java.nio.ByteBuffer;

/** Encodes timestamp guard states: a layout byte, 1, then four times, epoch ms, big-endian. */
final class TimestampGuardCodec {
  private static final byte LAYOUT = 1;
  private static final int SIZE = 1 + 4 * Long.BYTES;

  private TimestampGuardCodec() {}

  static byte[] encode(TimestampGuardState state) {
    return ByteBuffer.allocate(SIZE)
        .put(LAYOUT)
        .putLong(state.jumpedFromMs())
        .putLong(state.startedMs())
        .putLong(state.rejectedMs())
        .putLong(state.rejectedAtMs())
        .array();
  }

  /** Throws {@link UnknownLayoutException} on an unknown layout. */
  static TimestampGuardState decode(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte layout = bytes.get();
    if (layout != LAYOUT) {
      throw new UnknownLayoutException("timestamp guard", layout);
    }
    return new TimestampGuardState(
        bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
  }
}
