package io.eddy.kafka.event;

import java.util.concurrent.locks.LockSupport;

/** Lets events go by the clock: so many a second, or event time so many times faster. */
public final class EventPacer {
  private final double perSecond;
  private final double speedUp;
  private final long beganNs = System.nanoTime();
  private long count;
  private long firstMs = Long.MIN_VALUE;

  /** A pace; 0 stands for no limit, in either. */
  public EventPacer(double perSecond, double speedUp) {
    this.perSecond = perSecond;
    this.speedUp = speedUp;
  }

  /** Waits until the event of that time may go. */
  public void await(long timestampMs) {
    if (firstMs == Long.MIN_VALUE) {
      firstMs = timestampMs;
    }
    double dueNs = perSecond > 0 ? count / perSecond * 1e9 : 0;
    if (speedUp > 0) {
      dueNs = Math.max(dueNs, (timestampMs - firstMs) * 1e6 / speedUp);
    }
    count++;
    long left = beganNs + (long) dueNs - System.nanoTime();
    while (left > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(left);
      left = beganNs + (long) dueNs - System.nanoTime();
    }
  }
}
