package io.eddy.kafka.state;

import io.eddy.forecast.step.RingStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Slots of a dilated layer's ring ↔ the bytes of the window store: a version byte, the step (8
 * bytes, big-endian), the floats of the layer's state, little-endian.
 */
public final class RingSlotCodec {
  private static final byte VERSION = 1;
  private static final int HEAD = 1 + 8;

  private RingSlotCodec() {}

  /** The number that a slot has among the series' segments: below −1, of member, layer, index. */
  public static long number(RingStore.Slot slot) {
    return Long.MIN_VALUE | (long) slot.member() << 40 | (long) slot.layer() << 32 | slot.index();
  }

  /** Bytes of a state after {@code step}; uses the buffer up. */
  public static byte[] encode(long step, FloatBuffer state) {
    ByteBuffer bytes = ByteBuffer.allocate(HEAD + Float.BYTES * state.remaining());
    bytes.put(VERSION).putLong(step).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(state);
    return bytes.array();
  }

  /** The step whose state it is; throws {@link IllegalStateException} on an unknown layout. */
  public static long step(byte[] value) {
    if (value[0] != VERSION) {
      throw new IllegalStateException("ring slot of layout " + value[0] + " is not known");
    }
    return ByteBuffer.wrap(value).getLong(1);
  }

  /** Fills the buffer with the state; false where it is not of that size. */
  public static boolean decode(byte[] value, FloatBuffer into) {
    if (value.length != HEAD + Float.BYTES * into.remaining()) {
      return false;
    }
    ByteBuffer state = ByteBuffer.wrap(value, HEAD, value.length - HEAD);
    into.put(state.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
    return true;
  }
}
