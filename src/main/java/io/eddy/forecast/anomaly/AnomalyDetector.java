package io.eddy.forecast.anomaly;

/**
 * Scores the steps of one series.
 *
 * <p>The method follows the anomaly likelihood of Ahmad, Lavin, Purdy and Agha, "Unsupervised
 * real-time anomaly detection for streaming data" (2017): short and long windows of a statistic are
 * compared, and the score is relative to the statistic's own recent distribution.
 */
public final class AnomalyDetector {
  private final SeasonClock clock;
  private final SeasonProfile profile = new SeasonProfile();
  private final StepStatistics statistics = new StepStatistics();
  private final Strength strength = new Strength();
  private final RecentAlarms alarms = new RecentAlarms();

  /**
   * Creates a detector for one series.
   *
   * @param intervalMs between two steps, above 0
   */
  public AnomalyDetector(long intervalMs) {
    clock = new SeasonClock(intervalMs);
  }

  /** Returns the score of the next step, in [0, 1]. */
  public double score(long timestampMs, double value) {
    int bin = clock.bin(timestampMs);
    double[] values = statistics.add(value, bin, profile, 0);
    double raw = strength.add(values, Statistic.count(false));
    profile.add(bin, value, clock.visits());
    double remaining = alarms.add(raw);
    return remaining / (1 + remaining);
  }
}
