package io.eddy.kafka.simulation;

/** Maps event time to the wall-clock time at which an event is published. */
public final class SimulationClock {
  private final double speed;
  private final long pacedFromMs;
  private final long startMs;

  private SimulationClock(double speed, long pacedFromMs, long startMs) {
    this.speed = speed;
    this.pacedFromMs = pacedFromMs;
    this.startMs = startMs;
  }

  /** Publishes each event at its own time; earlier events at once. */
  public static SimulationClock realTime() {
    return new SimulationClock(1, 0, 0);
  }

  /**
   * Publishes events at a multiple of the speed of event time.
   *
   * @param speed above 0; infinite for no limit
   * @param pacedFromMs event time that corresponds to {@code startMs}; earlier events are published
   *     at once
   * @param startMs wall-clock time, epoch milliseconds
   */
  public static SimulationClock accelerated(double speed, long pacedFromMs, long startMs) {
    return new SimulationClock(speed, pacedFromMs, startMs);
  }

  /** Returns the multiple of real time; infinite for no limit. */
  public double speed() {
    return speed;
  }

  /** Returns the wall-clock time at which events of a time are due, epoch milliseconds. */
  long dueMs(long eventMs) {
    return startMs + (long) ((eventMs - pacedFromMs) / speed);
  }
}
