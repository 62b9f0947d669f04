package io.eddy.admission;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Rejects implausible timestamps. One observation alone never advances a series by more than the
 * maximum: it is rejected, and an observation far ahead is accepted only if the one before it was
 * rejected at a similar time. A timestamp that is years ahead once therefore has no effect, and a
 * series that had no events for long continues with its second observation.
 *
 * <p>A series whose accepted timestamps turn out to be wrong can come back: the time span that it
 * jumped over, or the time before its first observation, is open to it again. An observation there
 * that is further behind than the maximum is rejected in the same way, and at the second one in a
 * row the series is reset. Other observations behind are late.
 *
 * <p>A decision depends only on the earlier observations of the same series, in their order.
 *
 * @param maxAheadMs how far an observation may be ahead of the series' latest one; {@code
 *     Long.MAX_VALUE} for no limit
 */
public record TimestampGuard(long maxAheadMs) {
  /** Accepts every timestamp. */
  public static final TimestampGuard OFF = new TimestampGuard(Long.MAX_VALUE);

  /** The result of a check. */
  public enum Kind {
    /** It is accepted. */
    ACCEPTED,
    /** It is accepted as the first of its series. */
    STARTED,
    /** It is rejected. */
    REJECTED,
    /** It is accepted, and its series jumps ahead. */
    JUMPED,
    /** It is accepted, and its series restarts at an earlier time. */
    RESET
  }

  /**
   * The decision on an observation.
   *
   * @param state to store with the decision; null if the state does not change
   */
  public record Decision(Kind kind, @Nullable TimestampGuardState state) {
    public static final Decision ACCEPTED = new Decision(Kind.ACCEPTED, null);
  }

  public TimestampGuard {
    if (maxAheadMs < 1) {
      throw new IllegalArgumentException(
          "max-ahead: expected more than zero, got " + Duration.ofMillis(maxAheadMs));
    }
  }

  /** Returns a guard with that maximum; durations beyond the range of milliseconds are no limit. */
  public static TimestampGuard of(Duration maxAhead) {
    try {
      return new TimestampGuard(maxAhead.toMillis());
    } catch (ArithmeticException e) {
      return OFF;
    }
  }

  public boolean isEnabled() {
    return maxAheadMs < Long.MAX_VALUE;
  }

  /** Returns whether {@link #check} needs the stored state for an observation. */
  public boolean needsState(long newestMs, long timeMs) {
    return newestMs != TimestampGuardState.NONE && Math.abs(timeMs - newestMs) > maxAheadMs;
  }

  /**
   * Checks the timestamp of an observation.
   *
   * @param state stored for the series; used only if {@link #needsState} returns true
   * @param newestMs latest time of the series, or {@link TimestampGuardState#NONE}
   * @param timeMs of the observation, not negative
   */
  public Decision check(@Nullable TimestampGuardState state, long newestMs, long timeMs) {
    if (!isEnabled()) {
      return Decision.ACCEPTED;
    }
    if (newestMs == TimestampGuardState.NONE) {
      return new Decision(Kind.STARTED, TimestampGuardState.started(timeMs));
    }
    TimestampGuardState known = state == null ? TimestampGuardState.UNKNOWN : state;
    boolean isAhead = timeMs - newestMs > maxAheadMs;
    if (!isAhead && !isBack(known, newestMs, timeMs)) {
      return Decision.ACCEPTED;
    }
    boolean isSecond =
        known.rejectedMs() != TimestampGuardState.NONE
            && known.rejectedAtMs() == newestMs
            && Math.abs(timeMs - known.rejectedMs()) <= maxAheadMs;
    if (!isSecond) {
      return new Decision(Kind.REJECTED, known.rejected(timeMs, newestMs));
    }
    return isAhead
        ? new Decision(Kind.JUMPED, known.jumped(newestMs, timeMs))
        : new Decision(Kind.RESET, known.reset(timeMs));
  }

  /** Returns whether a time lies in the span that the series jumped over, or before its start. */
  private boolean isBack(TimestampGuardState known, long newestMs, long timeMs) {
    return known.startedMs() != TimestampGuardState.NONE
        && newestMs - timeMs > maxAheadMs
        && known.startedMs() - timeMs > maxAheadMs
        && timeMs > known.jumpedFromMs();
  }

  /** Returns why observations are rejected. */
  public String rejectionReason() {
    return ("timestamp: expected at most %s ahead of the series' latest one, or behind it only"
            + " where the series jumped; the next observation near it is accepted")
        .formatted(Duration.ofMillis(maxAheadMs));
  }
}
