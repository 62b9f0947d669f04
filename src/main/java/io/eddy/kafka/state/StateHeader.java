package io.eddy.kafka.state;

import io.eddy.forecast.Forecast;
import io.eddy.model.ModelVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The begin that every layout of {@link StateCodec} has. */
public final class StateHeader {
  private static final int SHA_BYTES = 32;

  private static final int INTERVAL_AT = 1 + SHA_BYTES + Long.BYTES;
  private static final int LAST_STEP_AT = INTERVAL_AT + Long.BYTES + 1 + Integer.BYTES;

  /**
   * Set in the layout's byte where, behind all else, 8 bytes say when the series was heard of last
   * in its partition's time, epoch milliseconds.
   */
  static final int HEARD = 0x40;

  /** Stands where a state does not say when its series was heard of. */
  public static final long UNKNOWN = Long.MIN_VALUE;

  private StateHeader() {}

  /** When the series was heard of last; {@link #UNKNOWN} where the state does not say. */
  public static long heardMs(byte[] state) {
    return (state[0] & HEARD) == 0
        ? UNKNOWN
        : ByteBuffer.wrap(state).getLong(state.length - Long.BYTES);
  }

  /** A state that does not say so yet, with that time. */
  public static byte[] withHeard(byte[] state, long heardMs) {
    byte[] saying = Arrays.copyOf(state, state.length + Long.BYTES);
    saying[0] |= HEARD;
    ByteBuffer.wrap(saying).putLong(state.length, heardMs);
    return saying;
  }

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
