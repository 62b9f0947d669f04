package io.eddy.kafka.state;

import io.eddy.series.Segment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Segments of a series' past ↔ the bytes of the window store: a version byte, the mask of imputed
 * steps (4 bytes), 16 doubles. Big-endian. Version 1 ends there; version 2, where covariates came
 * with a step, goes on with
 *
 * <pre>
 *    2  number of covariates, then for each of them
 *    2  bytes of the name         the name, UTF-8         8 for each step, NaN where it is missing
 * </pre>
 */
public final class SegmentCodec {
  private static final byte VERSION = 1;
  private static final byte VERSION_WITH_COVARIATES = 2;
  private static final int SIZE = 1 + 4 + 8 * Segment.STEPS;

  private SegmentCodec() {}

  /** The key of a segment: the series as UTF-8, a zero byte, the number. */
  public static byte[] key(String series, long number) {
    byte[] name = series.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(name.length + 1 + 8).put(name).put((byte) 0).putLong(number).array();
  }

  public static byte[] encode(Segment segment) {
    if (segment.covariates().isEmpty()) {
      ByteBuffer bytes = ByteBuffer.allocate(SIZE).put(VERSION);
      put(bytes, segment, Segment.STEPS);
      return bytes.array();
    }
    ByteBuffer bytes = ByteBuffer.allocate(SIZE + covariatesSize(segment, Segment.STEPS));
    bytes.put(VERSION_WITH_COVARIATES);
    put(bytes, segment, Segment.STEPS);
    putCovariates(bytes, segment, Segment.STEPS);
    return bytes.array();
  }

  /** Throws {@link IllegalStateException} on bytes of a layout that is not known. */
  public static Segment decode(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte version = bytes.get();
    if (version != VERSION && version != VERSION_WITH_COVARIATES) {
      throw new IllegalStateException("window segment of layout " + version + " is not known");
    }
    Segment segment = get(bytes, Segment.STEPS);
    if (version == VERSION_WITH_COVARIATES) {
      getCovariates(bytes, segment, Segment.STEPS);
    }
    return segment;
  }

  /** Bytes that {@link #putCovariates} puts. */
  static int covariatesSize(Segment segment, int steps) {
    int size = Short.BYTES;
    for (String name : segment.covariates().names()) {
      size += nameSize(name) + Double.BYTES * steps;
    }
    return size;
  }

  static void putCovariates(ByteBuffer bytes, Segment segment, int steps) {
    bytes.putShort((short) segment.covariates().names().size());
    for (String name : segment.covariates().names()) {
      putName(bytes, name);
      for (int i = 0; i < steps; i++) {
        bytes.putDouble(segment.covariates().value(name, i));
      }
    }
  }

  static void getCovariates(ByteBuffer bytes, Segment segment, int steps) {
    int count = bytes.getShort() & 0xFFFF;
    for (int k = 0; k < count; k++) {
      String name = getName(bytes);
      for (int i = 0; i < steps; i++) {
        segment.setCovariate(i, name, bytes.getDouble());
      }
    }
  }

  /** Bytes that {@link #putName} puts. */
  static int nameSize(String name) {
    return Short.BYTES + name.getBytes(StandardCharsets.UTF_8).length;
  }

  static void putName(ByteBuffer bytes, String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    bytes.putShort((short) utf8.length).put(utf8);
  }

  static String getName(ByteBuffer bytes) {
    byte[] utf8 = new byte[bytes.getShort() & 0xFFFF];
    bytes.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
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
