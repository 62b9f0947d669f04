package io.eddy.kafka.event;

import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;

/**
 * Cursor over Avro's binary encoding in an array. Never allocates more than the array holds, and
 * limits the number of steps, so that a few bytes cannot announce an endless list.
 */
final class AvroBytes {
  private static final int MAX_STEPS = 1 << 20;
  private static final int MAX_STRING_BYTES = 16 << 10;

  private final byte[] bytes;
  private int position;
  private int steps;

  AvroBytes(byte[] bytes, int from) {
    this.bytes = bytes;
    position = from;
  }

  /** Counts a step; items that are encoded in zero bytes would otherwise never end. */
  void step() {
    if (++steps > MAX_STEPS) {
      throw new InvalidRecordException("not valid Avro: more than %d items", MAX_STEPS);
    }
  }

  int remaining() {
    return bytes.length - position;
  }

  boolean readBoolean() {
    return bytes[advance(1)] != 0;
  }

  long readLong() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = bytes[advance(1)];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new InvalidRecordException("not valid Avro: a number has more than 64 bits");
  }

  float readFloat() {
    return Float.intBitsToFloat((int) littleEndian(advance(4), 4));
  }

  double readDouble() {
    return Double.longBitsToDouble(littleEndian(advance(8), 8));
  }

  String readText() {
    int length = readLength();
    if (length > MAX_STRING_BYTES) {
      throw new InvalidRecordException(
              "not an event: a string has more than %d bytes", MAX_STRING_BYTES)
          .got(length);
    }
    return new String(bytes, advance(length), length, StandardCharsets.UTF_8);
  }

  byte[] readBytes(int length) {
    int from = advance(length);
    return java.util.Arrays.copyOfRange(bytes, from, from + length);
  }

  /** Reads a length and checks that as many bytes follow. */
  int readLength() {
    long length = readLong();
    if (length < 0 || length > remaining()) {
      throw new InvalidRecordException(
              "not valid Avro: expected a length up to the %d bytes left", remaining())
          .got(length);
    }
    return (int) length;
  }

  /** Reads the index of a union branch or an enum symbol. */
  int readIndex(int count) {
    long index = readLong();
    if (index < 0 || index >= count) {
      throw new InvalidRecordException("not valid Avro: expected one of %d branches", count)
          .got(index);
    }
    return (int) index;
  }

  /** Skips bytes and returns the offset of the first. */
  int advance(int length) {
    if (length > remaining()) {
      throw new InvalidRecordException(
          "not valid Avro: expected %d more bytes, got %d", length, remaining());
    }
    int from = position;
    position += length;
    return from;
  }

  private long littleEndian(int from, int length) {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | (bytes[from + i] & 0xFF);
    }
    return value;
  }
}
