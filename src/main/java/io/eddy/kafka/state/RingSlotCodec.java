package io.eddy.kafka.state;

import io.eddy.forecast.step.RingSlotState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Encodes slots of a dilated layer's ring:
 *
 * <pre>
 *    1  layout, 1
 *    8  step, big-endian
 *  4·n  state of the layer, little-endian
 * </pre>
 */
final class RingSlotCodec {
  private static final byte LAYOUT = 1;
  private static final int HEADER_BYTES = 1 + 8;

  private RingSlotCodec() {}

  static byte[] encode(RingSlotState slot) {
    FloatBuffer state = slot.values();
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + Float.BYTES * state.remaining());
    bytes.put(LAYOUT).putLong(slot.step());
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(state);
    return bytes.array();
  }

  /** Throws {@link UnknownLayoutException} on an unknown layout. */
  static RingSlotState decode(byte[] value) {
    if (value[0] != LAYOUT) {
      throw new UnknownLayoutException("ring slot", value[0]);
    }
    long step = ByteBuffer.wrap(value).getLong(1);
    ByteBuffer state = ByteBuffer.wrap(value, HEADER_BYTES, value.length - HEADER_BYTES);
    return new RingSlotState(step, state.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
  }
}
