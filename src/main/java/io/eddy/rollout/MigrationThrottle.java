package io.eddy.rollout;

/**
 * Limits the migrations per event. A migration runs the last W steps of a series through the new
 * weights. Without a limit, an activation for many series makes every event pay for a migration
 * until all series have migrated.
 *
 * @param stepsPerEvent migration steps that each event of a task allows; 0 for no limit
 * @param maxSavedEvents number of events whose steps can accumulate, so that a few series migrate
 *     without delay
 */
public record MigrationThrottle(int stepsPerEvent, int maxSavedEvents) {
  /** Maximum of {@link #stepsPerEvent}. */
  public static final int MAX_STEPS_PER_EVENT = 1_000_000;

  /** Every series migrates at its next event. */
  public static final MigrationThrottle UNLIMITED = new MigrationThrottle(0);

  /** No limit, because a pending series forecasts with replaced weights. */
  public static final MigrationThrottle DEFAULT = UNLIMITED;

  private static final int DEFAULT_SAVED_EVENTS = 16_384;

  /**
   * For W ≥ 200 fewer than one event in a hundred migrates a series, so that migrations do not
   * affect the 99th percentile. For a smaller W a migration costs less than a few events.
   */
  public static final MigrationThrottle GRADUAL = new MigrationThrottle(2);

  public MigrationThrottle {
    if (stepsPerEvent < 0 || stepsPerEvent > MAX_STEPS_PER_EVENT) {
      throw new IllegalArgumentException(
          "steps per event: expected 0 to " + MAX_STEPS_PER_EVENT + ", got " + stepsPerEvent);
    }
  }

  /** Creates a throttle that accumulates the steps of 16,384 events. */
  public MigrationThrottle(int stepsPerEvent) {
    this(stepsPerEvent, DEFAULT_SAVED_EVENTS);
  }

  boolean isUnlimited() {
    return stepsPerEvent == 0;
  }

  /** Returns the number of steps that can accumulate. */
  long maxSteps() {
    return (long) maxSavedEvents * stepsPerEvent;
  }
}
