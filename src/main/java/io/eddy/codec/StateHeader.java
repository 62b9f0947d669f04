package io.eddy.codec;

import io.eddy.forecast.Forecast;
import io.eddy.model.ModelVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The begin that every layout of {@link StateCodec} has. */
public final class StateHeader {
  private static final int SHA_BYTES = 32;

  private static final int INTERVAL_AT = 1 + SHA_BYTES + Long.BYTES;
  private static final int LAST_STEP_AT = INTERVAL_AT + Long.BYTES + 1 + Integer.BYTES;

  private StateHeader() {}

  /** Whether a state belongs to that version. Allocates nothing. */
  public static boolean isOf(byte[] state, ModelVersion version) {
    return Arrays.equals(state, 1, 1 + SHA_BYTES, version.digest(), 0, SHA_BYTES);
  }

  /** When the last closed step began, epoch milliseconds; least of all where none was closed. */
  public static long lastStepMs(byte[] state) {
    ByteBuffer bytes = ByteBuffer.wrap(state);
    long step = bytes.getLong(LAST_STEP_AT);
    return step == Long.MIN_VALUE ? step : step * bytes.getLong(INTERVAL_AT);
  }

  /** The version that a state belongs to, and the epoch under which it serves. */
  public static Forecast.Served served(byte[] state) {
    byte[] digest = new byte[SHA_BYTES];
    ByteBuffer bytes = ByteBuffer.wrap(state, 1, SHA_BYTES + Long.BYTES);
    bytes.get(digest);
    return new Forecast.Served(ModelVersion.ofDigest(digest), bytes.getLong());
  }
}
