package io.eddy.kafka.state;

import io.eddy.admission.TimestampGuardKey;
import io.eddy.engine.ShadowFailureKey;
import io.eddy.engine.UndoKey;
import io.eddy.forecast.alert.AlertKey;
import io.eddy.forecast.score.PendingForecastKey;
import io.eddy.forecast.step.RingSlot;
import io.eddy.forecast.step.StateKey;
import io.eddy.series.SegmentKey;
import io.eddy.series.store.StoreKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/**
 * All keys of the state stores, big-endian.
 *
 * <p>The state store has the series' name as key. In the window store and the shadow store a key is
 *
 * <pre>
 *       the series, UTF-8    1 zero    8 number of the part
 *
 *    ≥ 0                                    segment of the window, by its number
 *     −1                                    pending forecast
 *     −2                                    state, in the shadow store
 *     −3                                    version that failed, in the shadow store
 *     −4                                    active alerts
 *    −16                                    timestamp guard
 *   −2⁶³ + member·2⁴⁰ + layer·2³² + index   slot of a ring
 * </pre>
 *
 * In the undo store it is
 *
 * <pre>
 *       the series, UTF-8    1 zero    1 kind    8 a    8 b
 *
 *      0  head
 *      1  base                a: its number
 *      2  step                a: its index
 *      3  overwritten part    a: number of the base    b: number of the part, as above
 * </pre>
 *
 * The window store also holds the counter of active series, as segment 0 of the empty name, which
 * no series has.
 */
final class StoreKeys {
  private static final long PENDING_FORECAST = -1;
  private static final long SHADOW_STATE = -2;
  private static final long SHADOW_FAILURE = -3;
  private static final long ACTIVE_ALERTS = -4;
  private static final long TIMESTAMP_GUARD = -16;

  private static final byte UNDO_HEAD = 0;
  private static final byte UNDO_BASE = 1;
  private static final byte UNDO_STEP = 2;
  private static final byte UNDO_OVERWRITTEN = 3;

  private static final int NUMBER_BYTES = 1 + 8;
  private static final int UNDO_BYTES = 1 + 1 + 8 + 8;

  static final Bytes ACTIVE_SERIES = key("", 0);

  private StoreKeys() {}

  /** Returns the key of a part in the window store or the shadow store. */
  static Bytes part(String series, StoreKey<?> key) {
    return key(series, number(key));
  }

  private static Bytes key(String series, long number) {
    byte[] name = series.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(name.length + NUMBER_BYTES);
    return Bytes.wrap(bytes.put(name).put((byte) 0).putLong(number).array());
  }

  /** Returns the least key of a series' parts. */
  static Bytes firstPart(String series) {
    return key(series, 0);
  }

  /** Returns the greatest key of a series' parts. */
  static Bytes lastPart(String series) {
    return key(series, -1);
  }

  /** Returns the series of a part's key. */
  static String seriesOfPart(Bytes key) {
    int length = key.get().length - NUMBER_BYTES;
    return new String(key.get(), 0, length, StandardCharsets.UTF_8);
  }

  /** Returns the series of a key in the undo store. */
  static String seriesOfUndo(byte[] key) {
    return new String(key, 0, key.length - UNDO_BYTES, StandardCharsets.UTF_8);
  }

  /** Returns the number of a part. */
  static long number(StoreKey<?> key) {
    if (key instanceof SegmentKey segment) {
      return segment.number();
    }
    if (key instanceof RingSlot slot) {
      return Long.MIN_VALUE | (long) slot.member() << 40 | (long) slot.layer() << 32 | slot.index();
    }
    if (key instanceof PendingForecastKey) {
      return PENDING_FORECAST;
    }
    if (key instanceof AlertKey) {
      return ACTIVE_ALERTS;
    }
    if (key instanceof TimestampGuardKey) {
      return TIMESTAMP_GUARD;
    }
    if (key instanceof StateKey) {
      return SHADOW_STATE;
    }
    if (key instanceof ShadowFailureKey) {
      return SHADOW_FAILURE;
    }
    throw new IllegalArgumentException("no number for store key " + key);
  }

  /** Returns the part with a number of the undo log. */
  static StoreKey<?> partOf(long number) {
    if (number >= 0) {
      return new SegmentKey(number);
    }
    if (number == PENDING_FORECAST) {
      return PendingForecastKey.PENDING_FORECAST;
    }
    long slot = number & Long.MAX_VALUE;
    return new RingSlot((int) (slot >>> 40), (int) (slot >>> 32) & 0xFF, (int) slot);
  }

  /** Returns a key in the undo store. */
  static Bytes undo(String series, UndoKey<?> key) {
    if (key instanceof UndoKey.Base base) {
      return undo(series, UNDO_BASE, base.number(), 0);
    }
    if (key instanceof UndoKey.Step step) {
      return undo(series, UNDO_STEP, step.step(), 0);
    }
    if (key instanceof UndoKey.Overwritten overwritten) {
      return undo(series, UNDO_OVERWRITTEN, overwritten.base(), number(overwritten.part()));
    }
    return undo(series, UNDO_HEAD, 0, 0);
  }

  private static Bytes undo(String series, byte kind, long a, long b) {
    byte[] name = series.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(name.length + UNDO_BYTES);
    return Bytes.wrap(bytes.put(name).put((byte) 0).put(kind).putLong(a).putLong(b).array());
  }

  /** Returns the least key of a series' undo log. */
  static Bytes firstUndo(String series) {
    return undo(series, UNDO_HEAD, 0, 0);
  }

  /** Returns the greatest key of a series' undo log. */
  static Bytes lastUndo(String series) {
    return undo(series, UNDO_OVERWRITTEN, -1, -1);
  }
}
