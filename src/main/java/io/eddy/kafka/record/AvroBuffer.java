package io.eddy.kafka.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A reused buffer of Avro's binary encoding: integers as zigzag variable-length numbers,
 * floating-point numbers little-endian, strings and arrays after their length. A non-empty array is
 * one block, followed by an empty one.
 *
 * <p>Writes the same bytes as Avro's own encoders, without boxed numbers. Used by one thread.
 */
final class AvroBuffer {
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG_ENDIAN_INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final int INITIAL_BYTES = 2048;
  private static final int MAX_VARINT_BYTES = 10;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int size;

  /** Discards the contents. */
  void clear() {
    size = 0;
  }

  /** Returns a copy of the contents. */
  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int count) {
    if (bytes.length - size < count) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + count));
    }
  }

  /** Writes bytes without their length. */
  void writeFixed(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  /** Writes a number in four bytes, as the header of a schema registry has it. */
  void writeBigEndianInt(int value) {
    reserve(Integer.BYTES);
    BIG_ENDIAN_INTS.set(bytes, size, value);
    size += Integer.BYTES;
  }

  void writeByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void writeBoolean(boolean value) {
    writeByte(value ? 1 : 0);
  }

  /** Writes an {@code int} or {@code long}, or the index of an enum's symbol or union's branch. */
  void writeLong(long value) {
    reserve(MAX_VARINT_BYTES);
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void writeFloat(float value) {
    reserve(Float.BYTES);
    FLOATS.set(bytes, size, value);
    size += Float.BYTES;
  }

  void writeDouble(double value) {
    reserve(Double.BYTES);
    DOUBLES.set(bytes, size, value);
    size += Double.BYTES;
  }

  void writeString(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) > 0x7F) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        writeLong(utf8.length);
        writeFixed(utf8);
        return;
      }
    }
    writeLong(length);
    reserve(length);
    for (int i = 0; i < length; i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
  }

  /** Begins an array; {@link #endArray} must follow its items. */
  void beginArray(int items) {
    if (items > 0) {
      writeLong(items);
    }
  }

  void endArray() {
    writeByte(0);
  }

  void writeDoubles(double[] values) {
    beginArray(values.length);
    reserve(Double.BYTES * values.length);
    int at = size;
    for (double value : values) {
      DOUBLES.set(bytes, at, value);
      at += Double.BYTES;
    }
    size = at;
    endArray();
  }

  void writeDoubles(List<Double> values) {
    beginArray(values.size());
    for (int i = 0; i < values.size(); i++) {
      writeDouble(values.get(i));
    }
    endArray();
  }

  void writeFloats(float[] values) {
    beginArray(values.length);
    for (float value : values) {
      writeFloat(value);
    }
    endArray();
  }

  void writeInts(int[] values) {
    beginArray(values.length);
    for (int value : values) {
      writeLong(value);
    }
    endArray();
  }
}
