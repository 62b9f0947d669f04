package io.eddy.kafka.state;

import io.eddy.series.FutureCovariates;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * Encodes future covariates, big-endian:
 *
 * <pre>
 *    2  number of covariates, then for each of them
 *    2  bytes of the name         the name, UTF-8
 *    4  number of steps           8 for each step, NaN if the value is unknown
 * </pre>
 */
final class FutureCovariatesCodec {
  private FutureCovariatesCodec() {}

  /** Returns the number of bytes that {@link #put} writes. */
  static int size(FutureCovariates ahead) {
    int size = Short.BYTES;
    for (String name : ahead.names()) {
      size +=
          SegmentCodec.nameSize(name) + Integer.BYTES + Double.BYTES * ahead.values(name).length;
    }
    return size;
  }

  static void put(ByteBuffer bytes, FutureCovariates ahead) {
    bytes.putShort((short) ahead.names().size());
    for (String name : ahead.names()) {
      SegmentCodec.putName(bytes, name);
      double[] values = ahead.values(name);
      bytes.putInt(values.length);
      for (double value : values) {
        bytes.putDouble(value);
      }
    }
  }

  static FutureCovariates get(ByteBuffer bytes) {
    int count = bytes.getShort() & 0xFFFF;
    Map<String, double[]> covariates = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = SegmentCodec.getName(bytes);
      covariates.put(name, StoredNumbers.get(bytes, bytes.getInt()));
    }
    return FutureCovariates.of(covariates);
  }
}
