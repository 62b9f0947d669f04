package io.eddy.rollout;

/**
 * How much of the time may go into series that move to another version at once. To move is to run
 * the last W steps through the new weights; where many series are to move at the same time, every
 * event would pay for a move until all have.
 *
 * @param stepsPerEvent steps that each event of a task adds to what its moves may cost; 0 for no
 *     bound
 * @param savedEvents how many events without a move can be saved up: so that few series move
 *     without waiting
 */
public record MigrationThrottle(int stepsPerEvent, int savedEvents) {
  /** The largest number of steps. */
  public static final int MOST_STEPS = 1_000_000;

  /** Every series moves at its next event. */
  public static final MigrationThrottle UNLIMITED = new MigrationThrottle(0);

  /** A series moves as soon as it may: one that waits forecasts by weights that were replaced. */
  public static final MigrationThrottle DEFAULT = UNLIMITED;

  private static final int SAVED_EVENTS = 16_384;

  /**
   * Fewer than one event in a hundred moves a series where W is 200 or more, so that moves stay out
   * of the 99th percentile; with a smaller W, one costs less than a few events.
   */
  public static final MigrationThrottle SPARING = new MigrationThrottle(2);

  public MigrationThrottle {
    if (stepsPerEvent < 0 || stepsPerEvent > MOST_STEPS) {
      throw new IllegalArgumentException(
          "expected steps from 0 to " + MOST_STEPS + ", got " + stepsPerEvent);
    }
  }

  /** With so many events saved up as are by default. */
  public MigrationThrottle(int stepsPerEvent) {
    this(stepsPerEvent, SAVED_EVENTS);
  }

  boolean isUnlimited() {
    return stepsPerEvent == 0;
  }

  /** How many steps can be saved up. */
  long mostSaved() {
    return (long) savedEvents * stepsPerEvent;
  }
}
