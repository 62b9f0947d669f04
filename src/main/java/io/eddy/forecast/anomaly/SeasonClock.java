package io.eddy.forecast.anomaly;

/**
 * Assigns timestamps to the bins of a season: a day, for steps of six hours or more a week, for
 * steps of two days or more a year. A season has a bin for each of its steps, at most {@value
 * #MAX_BINS}.
 */
final class SeasonClock {
  private static final int MAX_BINS = 96;
  private static final long HOUR_MS = 3_600_000;
  private static final long DAY_MS = 24 * HOUR_MS;

  private final long seasonMs;
  private final int bins;
  private final double visitSteps;

  /**
   * Creates a clock.
   *
   * @param intervalMs between two steps
   */
  SeasonClock(long intervalMs) {
    seasonMs =
        intervalMs < 6 * HOUR_MS ? DAY_MS : intervalMs < 2 * DAY_MS ? 7 * DAY_MS : 365 * DAY_MS;
    bins = (int) Math.max(1, Math.min(MAX_BINS, seasonMs / intervalMs));
    visitSteps = Math.max(1, (double) seasonMs / bins / intervalMs);
  }

  int bin(long timestampMs) {
    return (int) (Math.floorMod(timestampMs, seasonMs) * bins / seasonMs);
  }

  /** Returns the number of bins of a season. */
  int bins() {
    return bins;
  }

  /** Returns the number of steps that a bin receives per season. */
  double visitSteps() {
    return visitSteps;
  }

  /** Returns whether a bin is a part of the season, not a step of its own. */
  boolean isFine() {
    return bins == MAX_BINS;
  }
}
