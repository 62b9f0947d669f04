package io.eddy.rollout;

/**
 * What the moves of one task's series may still cost, in steps. Begins with all that it can hold.
 */
public final class MigrationBudget {
  private final MigrationThrottle limits;
  private long saved;

  public MigrationBudget(MigrationThrottle limits) {
    this.limits = limits;
    saved = limits.mostSaved();
  }

  /** An event has come. */
  public void add() {
    saved = Math.min(limits.mostSaved(), saved + limits.stepsPerEvent());
  }

  /**
   * Takes the cost of a move where it is covered, or where all that can be saved up is: one that
   * costs more than that is paid for afterwards.
   */
  public boolean take(long steps) {
    if (limits.isUnlimited()) {
      return true;
    }
    if (saved < Math.min(steps, limits.mostSaved())) {
      return false;
    }
    saved -= steps;
    return true;
  }
}
