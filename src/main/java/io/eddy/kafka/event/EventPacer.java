package io.eddy.kafka.event;

import java.util.concurrent.locks.LockSupport;

/**
 * Paces the publication of events: a fixed number per second, or event time sped up by a factor.
 * The slower of both limits applies.
 */
public final class EventPacer {
  private final double eventsPerSecond;
  private final double speedUp;
  private final long startNs = System.nanoTime();
  private long count;
  private long firstMs = Long.MIN_VALUE;

  /**
   * Creates a pacer that starts now.
   *
   * @param eventsPerSecond 0 for no limit
   * @param speedUp factor between event time and wall-clock time; 0 for no limit
   */
  public EventPacer(double eventsPerSecond, double speedUp) {
    this.eventsPerSecond = eventsPerSecond;
    this.speedUp = speedUp;
  }

  /** Blocks until the next event, which has this timestamp, may be published. */
  public void await(long timestampMs) {
    if (firstMs == Long.MIN_VALUE) {
      firstMs = timestampMs;
    }
    double dueNs = eventsPerSecond > 0 ? count / eventsPerSecond * 1e9 : 0;
    if (speedUp > 0) {
      dueNs = Math.max(dueNs, (timestampMs - firstMs) * 1e6 / speedUp);
    }
    count++;
    long remainingNs = startNs + (long) dueNs - System.nanoTime();
    while (remainingNs > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(remainingNs);
      remainingNs = startNs + (long) dueNs - System.nanoTime();
    }
  }
}
