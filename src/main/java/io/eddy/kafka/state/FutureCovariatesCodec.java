package io.eddy.kafka.state;

import io.eddy.series.FutureCovariates;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known ahead ↔ bytes. Big-endian:
 *
 * <pre>
 *    2  number of covariates, then for each of them
 *    2  bytes of the name         the name, UTF-8
 *    4  how many steps            8 for each of them, NaN where it is unknown
 * </pre>
 */
final class FutureCovariatesCodec {
  private FutureCovariatesCodec() {}

  /** Bytes that {@link #put} puts. */
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
      double[] known = ahead.values(name);
      bytes.putInt(known.length);
      for (double number : known) {
        bytes.putDouble(number);
      }
    }
  }

  static FutureCovariates get(ByteBuffer bytes) {
    int count = bytes.getShort() & 0xFFFF;
    Map<String, double[]> numbers = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = SegmentCodec.getName(bytes);
      double[] known = new double[bytes.getInt()];
      for (int j = 0; j < known.length; j++) {
        known[j] = bytes.getDouble();
      }
      numbers.put(name, known);
    }
    return FutureCovariates.of(numbers);
  }
}
