package io.eddy.codec;

import io.eddy.forecast.Forecast;
import io.eddy.model.ModelVersion;
import java.nio.ByteBuffer;

/** The begin that every layout of {@link StateCodec} has. */
public final class StateHeader {
  private static final int SHA_BYTES = 32;

  private StateHeader() {}

  /** The version that a state belongs to, and the epoch under which it serves. */
  public static Forecast.Served served(byte[] state) {
    byte[] digest = new byte[SHA_BYTES];
    ByteBuffer bytes = ByteBuffer.wrap(state, 1, SHA_BYTES + Long.BYTES);
    bytes.get(digest);
    return new Forecast.Served(ModelVersion.ofDigest(digest), bytes.getLong());
  }
}
