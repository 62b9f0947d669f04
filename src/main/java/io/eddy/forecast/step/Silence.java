package io.eddy.forecast.step;

/**
 * Time from which a series counts as silent.
 *
 * @param dueMs event time of the partition at which the series is silent if it has reported nothing
 *     more; {@link #NEVER} if anomalies are off
 * @param isReported whether the silence began, and is published
 */
public record Silence(long dueMs, boolean isReported) {
  public static final long NEVER = Long.MIN_VALUE;

  /** Returns whether the series is expected to report before a time that is known. */
  public boolean isAwaited() {
    return dueMs != NEVER && !isReported;
  }
}
