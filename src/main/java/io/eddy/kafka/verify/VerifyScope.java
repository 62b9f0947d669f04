package io.eddy.kafka.verify;

import org.jspecify.annotations.Nullable;

/**
 * What an audit compares. It replays what comes before all the same.
 *
 * @param series the one series; null for all
 * @param fromMs event time from which on, epoch milliseconds
 * @param toMs event time up to which, exclusive
 * @param limit differences that are told; all are counted
 * @param isInPlace whether every activation was there before the first event, as where a topic is
 *     processed again from its begin
 */
public record VerifyScope(
    @Nullable String series, long fromMs, long toMs, int limit, boolean isInPlace) {
  /** Everything. */
  public static VerifyScope everything(int limit) {
    return new VerifyScope(null, Long.MIN_VALUE, Long.MAX_VALUE, limit, false);
  }

  boolean isWithin(String series, long timestampMs) {
    return (this.series == null || this.series.equals(series))
        && timestampMs >= fromMs
        && timestampMs < toMs;
  }
}
