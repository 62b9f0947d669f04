package io.eddy.kafka.event;

import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;

/**
 * Avro's binary encoding, read step by step out of an array: nothing is allocated by a length that
 * the bytes themselves do not have, and no more than a bounded number of steps is taken.
 */
final class AvroBytes {
  private static final int MOST_STEPS = 1 << 20;
  private static final int LONGEST_TEXT = 16 << 10;

  private final byte[] bytes;
  private int at;
  private int steps;

  AvroBytes(byte[] bytes, int from) {
    this.bytes = bytes;
    at = from;
  }

  /** Takes a step; what is encoded in no bytes at all would else go on for good. */
  void step() {
    if (++steps > MOST_STEPS) {
      throw new InvalidRecordException("no Avro: more than %d parts", MOST_STEPS);
    }
  }

  int remaining() {
    return bytes.length - at;
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
    throw new InvalidRecordException("no Avro: a number of more than 64 bits");
  }

  float readFloat() {
    return Float.intBitsToFloat((int) littleEndian(advance(4), 4));
  }

  double readDouble() {
    return Double.longBitsToDouble(littleEndian(advance(8), 8));
  }

  String readText() {
    int length = readLength();
    if (length > LONGEST_TEXT) {
      throw new InvalidRecordException("no event: a text of more than %d bytes", LONGEST_TEXT)
          .got(length);
    }
    return new String(bytes, advance(length), length, StandardCharsets.UTF_8);
  }

  byte[] readBytes(int length) {
    int from = advance(length);
    return java.util.Arrays.copyOfRange(bytes, from, from + length);
  }

  /** The length of what follows, which is there. */
  int readLength() {
    long length = readLong();
    if (length < 0 || length > remaining()) {
      throw new InvalidRecordException(
              "no Avro: more bytes are announced than the %d left", remaining())
          .got(length);
    }
    return (int) length;
  }

  /** The index of a branch, or a symbol. */
  int readIndex(int count) {
    long index = readLong();
    if (index < 0 || index >= count) {
      throw new InvalidRecordException("no Avro: expected one of %d branches", count).got(index);
    }
    return (int) index;
  }

  /** Goes over the bytes; returns where they begin. */
  int advance(int length) {
    if (length > remaining()) {
      throw new InvalidRecordException(
          "no Avro: %d bytes are needed and %d left", length, remaining());
    }
    int from = at;
    at += length;
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
