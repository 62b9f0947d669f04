package io.eddy.admission;

import io.eddy.series.Aggregation;
import io.eddy.series.Sampling;
import java.time.Duration;

/**
 * How observations are taken that do not come one by one in order of time.
 *
 * @param lateness how long a step stays open beyond its end: it closes when an observation of its
 *     series comes that was measured at least so long after it
 * @param remembered observations of open steps that are kept one by one, by which duplicates are
 *     known
 * @param everyObservation whether an observation that closes no step gives a forecast too, from the
 *     steps that are open, while the state stays as it is
 * @param revisedSteps R: the last steps, up to the last closed one, that an observation still
 *     changes which comes when its step is closed; 0 where it is dropped
 */
public record LatenessPolicy(
    Duration lateness, int remembered, boolean everyObservation, int revisedSteps) {
  /** Most observations that may be remembered. */
  public static final int MOST_REMEMBERED = 4096;

  /** Most steps that are open at a time: where there would be more, the earliest closes. */
  public static final int MOST_OPEN = 256;

  /** Most steps that may still be changed once they are closed. */
  public static final int MOST_REVISED = 256;

  /** Steps close at their end. */
  public static final LatenessPolicy IN_ORDER = new LatenessPolicy(Duration.ZERO, 64, false);

  public LatenessPolicy {
    if (lateness.isNegative() || lateness.compareTo(Duration.ofDays(3660)) > 0) {
      throw new IllegalArgumentException(
          "lateness: expected a duration from PT0S to ten years, got " + lateness);
    }
    if (remembered < 1 || remembered > MOST_REMEMBERED) {
      throw new IllegalArgumentException(
          "remembered: expected 1 to %d, got %d".formatted(MOST_REMEMBERED, remembered));
    }
    if (revisedSteps < 0 || revisedSteps > MOST_REVISED) {
      throw new IllegalArgumentException(
          "revised steps: expected 0 to %d, got %d".formatted(MOST_REVISED, revisedSteps));
    }
  }

  /** Observations of closed steps are dropped. */
  public LatenessPolicy(Duration lateness, int remembered, boolean everyObservation) {
    this(lateness, remembered, everyObservation, 0);
  }

  /** Whether closed steps may still be changed. */
  public boolean isRevising() {
    return revisedSteps > 0;
  }

  /** The same, where only steps that close give forecasts, and each does once. */
  public LatenessPolicy onceEach() {
    return new LatenessPolicy(lateness, remembered, false);
  }

  /** Whether a step closes at its first observation. */
  public boolean isImmediate(Sampling sampling) {
    return sampling.aggregation() == Aggregation.FIRST && lateness.isZero();
  }

  /**
   * From when on a step is over, epoch milliseconds: once an observation of that time or later is
   * there.
   */
  public long dueMs(long step, Sampling sampling) {
    return isImmediate(sampling)
        ? sampling.startMs(step)
        : sampling.startMs(step + 1) + lateness.toMillis();
  }
}
