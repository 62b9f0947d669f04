package io.eddy.kafka.state;

import java.nio.ByteBuffer;

/** The shifts of a series' calibration ↔ the bytes of the window store: a version byte, floats. */
public final class CalibrationShiftsCodec {
  private static final byte VERSION = 1;

  private CalibrationShiftsCodec() {}

  public static byte[] encode(float[] shifts) {
    ByteBuffer bytes = ByteBuffer.allocate(1 + Float.BYTES * shifts.length);
    bytes.put(VERSION).asFloatBuffer().put(shifts);
    return bytes.array();
  }

  /** Throws {@link IllegalStateException} on bytes of a layout that is not known. */
  public static float[] decode(byte[] value) {
    if (value[0] != VERSION) {
      throw new IllegalStateException("shifts of layout " + value[0] + " are not known");
    }
    float[] shifts = new float[(value.length - 1) / Float.BYTES];
    ByteBuffer.wrap(value, 1, value.length - 1).asFloatBuffer().get(shifts);
    return shifts;
  }
}
