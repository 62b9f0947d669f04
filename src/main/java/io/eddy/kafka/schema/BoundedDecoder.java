package io.eddy.kafka.schema;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Decodes Avro's binary encoding in an array. Avro's own decoder allocates a string, and a list its
 * capacity, of any length that the input announces; this one rejects a length that exceeds the size
 * of the input.
 */
final class BoundedDecoder extends Decoder {
  private final BinaryDecoder in;
  private final int size;

  /**
   * Creates a decoder.
   *
   * @param from offset of the first byte
   */
  BoundedDecoder(byte[] bytes, int from) {
    size = bytes.length - from;
    in = DecoderFactory.get().binaryDecoder(bytes, from, size, null);
  }

  /** Checks a length or a number of items, each of which has at least one byte. */
  private long checked(long length) {
    if (length < 0 || length > size) {
      throw new AvroRuntimeException(
          "a length of %d exceeds the %d bytes of the record".formatted(length, size));
    }
    return length;
  }

  private byte[] readLengthAndBytes() throws IOException {
    byte[] bytes = new byte[(int) checked(in.readLong())];
    in.readFixed(bytes, 0, bytes.length);
    return bytes;
  }

  @Override
  public Utf8 readString(@Nullable Utf8 old) throws IOException {
    return new Utf8(readLengthAndBytes());
  }

  @Override
  public String readString() throws IOException {
    return readString(null).toString();
  }

  @Override
  public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
    return ByteBuffer.wrap(readLengthAndBytes());
  }

  @Override
  public long readArrayStart() throws IOException {
    return checked(in.readArrayStart());
  }

  @Override
  public long arrayNext() throws IOException {
    return checked(in.arrayNext());
  }

  @Override
  public long readMapStart() throws IOException {
    return checked(in.readMapStart());
  }

  @Override
  public long mapNext() throws IOException {
    return checked(in.mapNext());
  }

  @Override
  public void readNull() throws IOException {
    in.readNull();
  }

  @Override
  public boolean readBoolean() throws IOException {
    return in.readBoolean();
  }

  @Override
  public int readInt() throws IOException {
    return in.readInt();
  }

  @Override
  public long readLong() throws IOException {
    return in.readLong();
  }

  @Override
  public float readFloat() throws IOException {
    return in.readFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return in.readDouble();
  }

  @Override
  public void readFixed(byte[] bytes, int start, int length) throws IOException {
    in.readFixed(bytes, start, length);
  }

  @Override
  public int readEnum() throws IOException {
    return in.readEnum();
  }

  @Override
  public int readIndex() throws IOException {
    return in.readIndex();
  }

  @Override
  public void skipString() throws IOException {
    in.skipString();
  }

  @Override
  public void skipBytes() throws IOException {
    in.skipBytes();
  }

  @Override
  public void skipFixed(int length) throws IOException {
    in.skipFixed(length);
  }

  @Override
  public long skipArray() throws IOException {
    return in.skipArray();
  }

  @Override
  public long skipMap() throws IOException {
    return in.skipMap();
  }
}
