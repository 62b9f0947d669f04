package io.eddy.rollout;

/** The steps that the migrations of one task's series may use, a token bucket. Starts full. */
public final class MigrationBudget {
  private final MigrationThrottle throttle;
  private long available;

  public MigrationBudget(MigrationThrottle throttle) {
    this.throttle = throttle;
    available = throttle.maxSteps();
  }

  /** Adds the steps of one event. */
  public void addEvent() {
    available = Math.min(throttle.maxSteps(), available + throttle.stepsPerEvent());
  }

  /**
   * Takes the steps of a migration and returns whether the budget covers them. A migration that
   * costs more than the budget can hold needs a full budget and leaves it negative.
   */
  public boolean tryTake(long steps) {
    if (throttle.isUnlimited()) {
      return true;
    }
    if (available < Math.min(steps, throttle.maxSteps())) {
      return false;
    }
    available -= steps;
    return true;
  }
}
