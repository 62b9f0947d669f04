package io.eddy.kafka.verify;

import org.jspecify.annotations.Nullable;

/**
 * The forecasts to compare. Earlier events are replayed in any case.
 *
 * @param series the only series to compare; null for all
 * @param fromMs first event time, inclusive, epoch milliseconds
 * @param toMs last event time, exclusive, epoch milliseconds
 * @param limit maximum number of differences to report; all are counted
 * @param isInPlace whether every activation was known before the first event, as in a topic that is
 *     processed again from its beginning
 */
public record VerifyScope(
    @Nullable String series, long fromMs, long toMs, int limit, boolean isInPlace) {
  /** Returns the scope of all series and times. */
  public static VerifyScope everything(int limit) {
    return new VerifyScope(null, Long.MIN_VALUE, Long.MAX_VALUE, limit, false);
  }

  /** Returns whether no series or time is excluded. */
  boolean isEverything() {
    return series == null && fromMs == Long.MIN_VALUE && toMs == Long.MAX_VALUE;
  }

  boolean contains(String series, long timestampMs) {
    return (this.series == null || this.series.equals(series))
        && timestampMs >= fromMs
        && timestampMs < toMs;
  }
}
