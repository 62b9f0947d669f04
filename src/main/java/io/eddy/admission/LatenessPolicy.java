package io.eddy.admission;

import io.eddy.series.Aggregation;
import io.eddy.series.Duplicates;
import io.eddy.series.Sampling;
import java.time.Duration;
import java.util.Objects;

/**
 * Handling of late, early and duplicate observations.
 *
 * @param lateness how long a step stays open after its end: it closes with the first observation of
 *     its series that is at least this much later than the end of the step
 * @param retained maximum number of observations of open steps that are kept one by one, to
 *     recognize duplicates
 * @param everyObservation whether an observation that closes no step gives a provisional forecast
 *     from the open steps
 * @param revisedSteps R: how many of the last closed steps a late observation still revises; 0 to
 *     drop late observations
 * @param duplicates which of several observations of the same time counts
 */
public record LatenessPolicy(
    Duration lateness,
    int retained,
    boolean everyObservation,
    int revisedSteps,
    Duplicates duplicates) {
  /** Maximum of {@code retained}. */
  public static final int MAX_RETAINED = 4096;

  /** Maximum number of open steps; one more closes the earliest. */
  public static final int MAX_OPEN_STEPS = 256;

  /** Maximum of {@code revisedSteps}. */
  public static final int MAX_REVISED_STEPS = 256;

  /** For observations in time order: steps close at their end. */
  public static final LatenessPolicy IN_ORDER = new LatenessPolicy(Duration.ZERO, 64, false);

  public LatenessPolicy {
    Objects.requireNonNull(duplicates, "duplicates");
    if (lateness.isNegative() || lateness.compareTo(Duration.ofDays(3660)) > 0) {
      throw new IllegalArgumentException(
          "lateness: expected a duration from PT0S to ten years, got " + lateness);
    }
    if (retained < 1 || retained > MAX_RETAINED) {
      throw new IllegalArgumentException(
          "remembered: expected 1 to %d, got %d".formatted(MAX_RETAINED, retained));
    }
    if (revisedSteps < 0 || revisedSteps > MAX_REVISED_STEPS) {
      throw new IllegalArgumentException(
          "revised steps: expected 0 to %d, got %d".formatted(MAX_REVISED_STEPS, revisedSteps));
    }
  }

  /**
   * Creates a policy that drops observations of closed steps, and of several observations of the
   * same time all but the first.
   */
  public LatenessPolicy(Duration lateness, int retained, boolean everyObservation) {
    this(lateness, retained, everyObservation, 0, Duplicates.FIRST);
  }

  /** Returns whether late observations revise closed steps. */
  public boolean isRevising() {
    return revisedSteps > 0;
  }

  /** Returns this policy without provisional forecasts. */
  public LatenessPolicy withoutProvisional() {
    return new LatenessPolicy(lateness, retained, false, revisedSteps, duplicates);
  }

  /**
   * Returns whether a step closes with its first observation. It does not if a second one of the
   * same time may still replace the first and could not revise the closed step.
   */
  public boolean isImmediate(Sampling sampling) {
    return sampling.aggregation() == Aggregation.FIRST
        && lateness.isZero()
        && (duplicates == Duplicates.FIRST || isRevising());
  }

  /** Returns the time from which on an observation closes a step, epoch milliseconds. */
  public long dueMs(long step, Sampling sampling) {
    return isImmediate(sampling)
        ? sampling.startMs(step)
        : sampling.startMs(step + 1) + lateness.toMillis();
  }
}
