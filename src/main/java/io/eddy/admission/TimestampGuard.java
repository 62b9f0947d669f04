package io.eddy.admission;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a series' clock is believed. One observation alone never takes a series further ahead than
 * is allowed: it is put aside, and only a second one in a row whose time is near its own is
 * believed. So a clock that is years ahead for a moment stops nothing, and a series that was silent
 * for long goes on at its second observation.
 *
 * <p>A clock that was believed and was wrong all the same comes back: the stretch of time that it
 * leapt over, or all that lies before the series' begin, is open to it again. What is more than
 * that far behind is put aside in the same way, and at the second one in a row the series begins
 * anew. What is behind otherwise is late.
 *
 * <p>No other clock takes part: what comes of an observation follows from those of its series
 * before it, in their order.
 *
 * @param maxAheadMs how far ahead an observation may be of the latest one; {@code Long.MAX_VALUE}
 *     for any
 */
public record TimestampGuard(long maxAheadMs) {
  /** Every clock is believed. */
  public static final TimestampGuard OFF = new TimestampGuard(Long.MAX_VALUE);

  /** What comes of an observation. */
  public enum Kind {
    /** It is taken as observations are. */
    GOES_ON,
    /** So is it, and its series begins. */
    BEGINS,
    /** It is not believed. */
    DOUBTED,
    /** It is taken, and so is the clock that ran ahead. */
    LEAPS,
    /** It is taken by a series that begins anew, since its clock came back. */
    RETURNS
  }

  /**
   * What comes of an observation.
   *
   * @param mark what is to be remembered where it comes to that; null where nothing new is
   */
  public record Judgement(Kind kind, @Nullable TimestampGuardState mark) {
    public static final Judgement GOES_ON = new Judgement(Kind.GOES_ON, null);
  }

  public TimestampGuard {
    if (maxAheadMs < 1) {
      throw new IllegalArgumentException(
          "max-ahead: expected more than zero, got " + Duration.ofMillis(maxAheadMs));
    }
  }

  /** Of that duration. */
  public static TimestampGuard of(Duration maxAhead) {
    try {
      return new TimestampGuard(maxAhead.toMillis());
    } catch (ArithmeticException e) {
      return OFF;
    }
  }

  public boolean isOn() {
    return maxAheadMs < Long.MAX_VALUE;
  }

  /**
   * Whether an observation is so far from its series' latest one that what is remembered has to be
   * looked up.
   */
  public boolean isFar(long newestMs, long timeMs) {
    return newestMs != TimestampGuardState.NONE && Math.abs(timeMs - newestMs) > maxAheadMs;
  }

  /**
   * Judges the clock by an observation.
   *
   * @param mark what is remembered; asked for only where the observation is far
   * @param newestMs latest time of the series; {@link TimestampGuardState#NONE} where it has none
   * @param timeMs the observation's, from 0 on
   */
  public Judgement judge(@Nullable TimestampGuardState mark, long newestMs, long timeMs) {
    if (!isOn()) {
      return Judgement.GOES_ON;
    }
    if (newestMs == TimestampGuardState.NONE) {
      return new Judgement(Kind.BEGINS, TimestampGuardState.begun(timeMs));
    }
    TimestampGuardState known = mark == null ? TimestampGuardState.UNKNOWN : mark;
    boolean isAhead = timeMs - newestMs > maxAheadMs;
    if (!isAhead && !hasReturned(known, newestMs, timeMs)) {
      return Judgement.GOES_ON;
    }
    boolean isSecond =
        known.doubtedMs() != TimestampGuardState.NONE
            && known.doubtedAtMs() == newestMs
            && Math.abs(timeMs - known.doubtedMs()) <= maxAheadMs;
    if (!isSecond) {
      return new Judgement(Kind.DOUBTED, known.doubted(timeMs, newestMs));
    }
    return isAhead
        ? new Judgement(Kind.LEAPS, known.leapt(newestMs, timeMs))
        : new Judgement(Kind.RETURNS, known.returned(timeMs));
  }

  private boolean hasReturned(TimestampGuardState known, long newestMs, long timeMs) {
    return known.begunMs() != TimestampGuardState.NONE
        && newestMs - timeMs > maxAheadMs
        && known.begunMs() - timeMs > maxAheadMs
        && timeMs > known.passedMs();
  }

  /** Why an observation is put aside. */
  public String doubt() {
    return "timestamp: expected at most %s ahead of the last of its series, and back only where its"
            .formatted(Duration.ofMillis(maxAheadMs))
        + " clock leapt over; the next one is believed that is near it";
  }
}
