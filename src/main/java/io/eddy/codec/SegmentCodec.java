package io.eddy.codec;

import io.eddy.series.Segment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Segments of a series' past ↔ the bytes of the window store: a version byte, the mask of imputed
 * steps (4 bytes), 16 doubles. Big-endian.
 */
public final class SegmentCodec {
  private static final byte VERSION = 1;
  private static final int SIZE = 1 + 4 + 8 * Segment.STEPS;

  private SegmentCodec() {}

  /** The key of a segment: the series as UTF-8, a zero byte, the number. */
  public static byte[] key(String series, long number) {
    byte[] name = series.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(name.length + 1 + 8).put(name).put((byte) 0).putLong(number).array();
  }

  public static byte[] encode(Segment segment) {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE).put(VERSION);
    put(bytes, segment, Segment.STEPS);
    return bytes.array();
  }

  /** Throws {@link IllegalStateException} on bytes of a layout that is not known. */
  public static Segment decode(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte version = bytes.get();
    if (version != VERSION) {
      throw new IllegalStateException("window segment of layout " + version + " is not known");
    }
    return get(bytes, Segment.STEPS);
  }

  static void put(ByteBuffer bytes, Segment segment, int steps) {
    int imputed = 0;
    for (int i = 0; i < steps; i++) {
      imputed |= segment.isImputed(i) ? 1 << i : 0;
    }
    bytes.putInt(imputed);
    for (int i = 0; i < steps; i++) {
      bytes.putDouble(segment.value(i));
    }
  }

  static Segment get(ByteBuffer bytes, int steps) {
    int imputed = bytes.getInt();
    Segment segment = new Segment();
    for (int i = 0; i < steps; i++) {
      segment.set(i, bytes.getDouble(), (imputed & 1 << i) != 0);
    }
    return segment;
  }
}
