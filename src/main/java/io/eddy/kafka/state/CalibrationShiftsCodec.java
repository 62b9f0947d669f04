package io.eddy.kafka.state;

import java.nio.ByteBuffer;

/** Encodes a series' calibration: a layout byte, 1, then the shifts as big-endian floats. */
final class CalibrationShiftsCodec {
  private static final byte LAYOUT = 1;

  private CalibrationShiftsCodec() {}

  static byte[] encode(float[] shifts) {
    ByteBuffer bytes = ByteBuffer.allocate(1 + Float.BYTES * shifts.length);
    bytes.put(LAYOUT).asFloatBuffer().put(shifts);
    return bytes.array();
  }

  /** Throws {@link UnknownLayoutException} on an unknown layout. */
  static float[] decode(byte[] value) {
    if (value[0] != LAYOUT) {
      throw new UnknownLayoutException("calibration", value[0]);
    }
    float[] shifts = new float[(value.length - 1) / Float.BYTES];
    ByteBuffer.wrap(value, 1, value.length - 1).asFloatBuffer().get(shifts);
    return shifts;
  }
}
