package io.eddy.kafka.state;

import io.eddy.series.Segment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Encodes full segments of a series' window, big-endian:
 *
 * <pre>
 *    1  layout: 3, or 4 with covariates
 *    4  mask of imputed steps
 *    1  number S of seasonal means of each step
 *    8  value                4·S  seasonal means minus the value      for each of 16 steps
 * </pre>
 *
 * Layout 4 continues with
 *
 * <pre>
 *    2  number of covariates, then for each of them
 *    2  bytes of the name         the name, UTF-8         8 for each step, NaN if it is missing
 * </pre>
 */
final class SegmentCodec {
  private static final byte LAYOUT = 3;
  private static final byte LAYOUT_WITH_COVARIATES = 4;

  private SegmentCodec() {}

  static byte[] encode(Segment segment) {
    if (segment.covariates().isEmpty()) {
      ByteBuffer bytes = ByteBuffer.allocate(1 + size(segment, Segment.STEPS)).put(LAYOUT);
      put(bytes, segment, Segment.STEPS);
      return bytes.array();
    }
    int size = 1 + size(segment, Segment.STEPS) + covariatesSize(segment, Segment.STEPS);
    ByteBuffer bytes = ByteBuffer.allocate(size);
    bytes.put(LAYOUT_WITH_COVARIATES);
    put(bytes, segment, Segment.STEPS);
    putCovariates(bytes, segment, Segment.STEPS);
    return bytes.array();
  }

  /** Throws {@link UnknownLayoutException} on an unknown layout. */
  static Segment decode(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte layout = bytes.get();
    if (layout != LAYOUT && layout != LAYOUT_WITH_COVARIATES) {
      throw new UnknownLayoutException("window segment", layout);
    }
    Segment segment = get(bytes, Segment.STEPS);
    if (layout == LAYOUT_WITH_COVARIATES) {
      getCovariates(bytes, segment, Segment.STEPS);
    }
    return segment;
  }

  /** Returns the number of bytes that {@link #putCovariates} writes. */
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

  /** Returns the number of bytes that {@link #putName} writes. */
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

  /** Returns the number of bytes that {@link #put} writes. */
  static int size(Segment segment, int steps) {
    return Integer.BYTES + 1 + (Double.BYTES + Float.BYTES * segment.seasons()) * steps;
  }

  /** Writes the first {@code steps} steps. */
  static void put(ByteBuffer bytes, Segment segment, int steps) {
    int imputed = 0;
    for (int i = 0; i < steps; i++) {
      imputed |= segment.isImputed(i) ? 1 << i : 0;
    }
    bytes.putInt(imputed).put((byte) segment.seasons());
    for (int i = 0; i < steps; i++) {
      bytes.putDouble(segment.value(i));
      for (int season = 0; season < segment.seasons(); season++) {
        bytes.putFloat(segment.seasonalMean(i, season));
      }
    }
  }

  /** Reads what {@link #put} wrote. */
  static Segment get(ByteBuffer bytes, int steps) {
    int imputed = bytes.getInt();
    float[] means = new float[bytes.get()];
    Segment segment = new Segment();
    for (int i = 0; i < steps; i++) {
      segment.set(i, bytes.getDouble(), (imputed & 1 << i) != 0);
      for (int season = 0; season < means.length; season++) {
        means[season] = bytes.getFloat();
      }
      segment.setSeasonalMeans(i, means);
    }
    return segment;
  }
}
