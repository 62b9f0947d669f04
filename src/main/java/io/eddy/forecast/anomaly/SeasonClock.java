package io.eddy.forecast.anomaly;

/**
 * Assigns timestamps to the bins of a season: a day, for steps of six hours or more a week, for
 * steps of two days or more a year.
 */
final class SeasonClock {
  private static final long HOUR_MS = 3_600_000;
  private static final long DAY_MS = 24 * HOUR_MS;

  private final long seasonMs;
  private final double visits;

  /**
   * Creates a clock.
   *
   * @param intervalMs between two steps
   */
  SeasonClock(long intervalMs) {
    seasonMs =
        intervalMs < 6 * HOUR_MS ? DAY_MS : intervalMs < 2 * DAY_MS ? 7 * DAY_MS : 365 * DAY_MS;
    visits = (double) seasonMs / SeasonProfile.BINS / intervalMs;
  }

  int bin(long timestampMs) {
    return (int) (Math.floorMod(timestampMs, seasonMs) * SeasonProfile.BINS / seasonMs);
  }

  /** Returns the number of steps that a bin receives per season; below 1 for long steps. */
  double visits() {
    return visits;
  }
}
