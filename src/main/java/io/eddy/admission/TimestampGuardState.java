package io.eddy.admission;

/**
 * What is remembered of a series' clock beside the latest time that it had, epoch milliseconds;
 * {@link #NONE} where there is no such time.
 *
 * @param passedMs latest time before the clock leapt, last
 * @param begunMs to where it leapt, or where the series began; {@link #NONE} where that is not
 *     known
 * @param doubtedMs time of an observation that was not believed
 * @param doubtedAtMs latest time of the series then: once it has another, the doubt is over
 */
public record TimestampGuardState(long passedMs, long begunMs, long doubtedMs, long doubtedAtMs) {
  /** No time. */
  public static final long NONE = Long.MIN_VALUE;

  /** Of a series that was there before its clock was watched. */
  public static final TimestampGuardState UNKNOWN = new TimestampGuardState(NONE, NONE, NONE, NONE);

  /** Of a series that begins. */
  public static TimestampGuardState begun(long timeMs) {
    return new TimestampGuardState(NONE, timeMs, NONE, NONE);
  }

  TimestampGuardState leapt(long fromMs, long toMs) {
    return new TimestampGuardState(fromMs, toMs, NONE, NONE);
  }

  TimestampGuardState returned(long toMs) {
    return new TimestampGuardState(passedMs, toMs, NONE, NONE);
  }

  TimestampGuardState doubted(long timeMs, long newestMs) {
    return new TimestampGuardState(passedMs, begunMs, timeMs, newestMs);
  }
}
