package io.eddy.bench.campaign;

import java.time.Duration;

/**
 * Detects that a number of events, which is to fall to zero, has not fallen for a while. The speed
 * of the machine has no influence as long as there is progress.
 */
final class Stall {
  private final long patienceNs;
  private long fewest = Long.MAX_VALUE;
  private long fallenNs;

  /**
   * Creates a detector.
   *
   * @param patience time without progress after which there is a stall
   */
  Stall(Duration patience) {
    patienceNs = patience.toNanos();
  }

  /**
   * Records a count, and returns whether there is a stall.
   *
   * @param nanoTime {@link System#nanoTime}
   */
  boolean record(long count, long nanoTime) {
    if (count < fewest) {
      fewest = count;
      fallenNs = nanoTime;
    }
    return nanoTime - fallenNs > patienceNs;
  }
}
