package io.eddy.kafka.state;

import io.eddy.forecast.Forecast;
import io.eddy.model.ModelVersion;
import java.nio.ByteBuffer;

/** Encodes the version that failed as a shadow: a layout byte, 1, the version, the epoch. */
final class ShadowFailureCodec {
  private static final byte LAYOUT = 1;

  private ShadowFailureCodec() {}

  static byte[] encode(Forecast.Served failed) {
    byte[] digest = failed.version().digest();
    return ByteBuffer.allocate(1 + digest.length + Long.BYTES)
        .put(LAYOUT)
        .put(digest)
        .putLong(failed.epoch())
        .array();
  }

  /** Throws {@link UnknownLayoutException} on an unknown layout. */
  static Forecast.Served decode(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte layout = bytes.get();
    if (layout != LAYOUT) {
      throw new UnknownLayoutException("failed shadow", layout);
    }
    byte[] digest = new byte[value.length - 1 - Long.BYTES];
    bytes.get(digest);
    return new Forecast.Served(ModelVersion.ofDigest(digest), bytes.getLong());
  }
}
