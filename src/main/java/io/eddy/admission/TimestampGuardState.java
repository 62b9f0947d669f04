package io.eddy.admission;

/**
 * The state of a series' timestamp guard, besides the series' latest time. Times are epoch
 * milliseconds, or {@link #NONE}.
 *
 * @param jumpedFromMs latest time before the last jump
 * @param startedMs time that the series jumped to, or started at; {@link #NONE} if it is not known
 * @param rejectedMs time of the last rejected observation
 * @param rejectedAtMs latest time of the series when that observation was rejected; once the series
 *     has another, the rejection does not count any more
 */
public record TimestampGuardState(
    long jumpedFromMs, long startedMs, long rejectedMs, long rejectedAtMs) {
  /** No time. */
  public static final long NONE = Long.MIN_VALUE;

  /** The state of a series that is older than its guard. */
  public static final TimestampGuardState UNKNOWN = new TimestampGuardState(NONE, NONE, NONE, NONE);

  static TimestampGuardState started(long timeMs) {
    return new TimestampGuardState(NONE, timeMs, NONE, NONE);
  }

  TimestampGuardState jumped(long fromMs, long toMs) {
    return new TimestampGuardState(fromMs, toMs, NONE, NONE);
  }

  TimestampGuardState reset(long toMs) {
    return new TimestampGuardState(jumpedFromMs, toMs, NONE, NONE);
  }

  TimestampGuardState rejected(long timeMs, long newestMs) {
    return new TimestampGuardState(jumpedFromMs, startedMs, timeMs, newestMs);
  }
}
