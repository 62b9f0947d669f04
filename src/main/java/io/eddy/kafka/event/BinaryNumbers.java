package io.eddy.kafka.event;

import io.eddy.series.InvalidRecordException;
import java.nio.ByteBuffer;

/** Numbers in the encoding of Kafka's serializers: big-endian, without a header. */
final class BinaryNumbers {
  private BinaryNumbers() {}

  /**
   * Reads a number.
   *
   * @throws InvalidRecordException if the value does not have the length of the format
   */
  static double read(EventFormat format, byte[] value) {
    int expected = bytes(format);
    if (value.length != expected) {
      throw new InvalidRecordException(
          "value: expected the %d bytes of %s, got %d bytes: check events.format",
          expected, name(format), value.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(value);
    return switch (format) {
      case DOUBLE -> buffer.getDouble();
      case FLOAT -> buffer.getFloat();
      case LONG -> buffer.getLong();
      case INT -> buffer.getInt();
      default -> buffer.getShort();
    };
  }

  /**
   * Writes a number.
   *
   * @throws IllegalArgumentException if the format cannot represent it
   */
  static byte[] write(EventFormat format, double number) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes(format));
    switch (format) {
      case DOUBLE -> buffer.putDouble(number);
      case FLOAT -> buffer.putFloat((float) number);
      case LONG -> buffer.putLong((long) exact(format, number, (double) (long) number));
      case INT -> buffer.putInt((int) exact(format, number, (int) number));
      default -> buffer.putShort((short) exact(format, number, (short) number));
    }
    return buffer.array();
  }

  private static double exact(EventFormat format, double number, double converted) {
    if (number != converted) {
      throw new IllegalArgumentException(
          "value: expected a whole number in the range of %s: choose another events.format"
              .formatted(name(format)));
    }
    return number;
  }

  private static int bytes(EventFormat format) {
    return switch (format) {
      case DOUBLE -> Double.BYTES;
      case FLOAT -> Float.BYTES;
      case LONG -> Long.BYTES;
      case INT -> Integer.BYTES;
      case SHORT -> Short.BYTES;
      default -> throw new IllegalArgumentException(format.id() + " is not a binary number");
    };
  }

  private static String name(EventFormat format) {
    return (format == EventFormat.INT ? "an " : "a ") + format.id();
  }
}
