package io.eddy.forecast.anomaly;

/**
 * Settings of a detector.
 *
 * @param intervalMs between two steps
 * @param expectedFalseAlarms episodes per series and 30 days that undisturbed data may cause
 */
public record AnomalySettings(long intervalMs, double expectedFalseAlarms) {
  public static final double DEFAULT_EXPECTED_FALSE_ALARMS = 1;
  private static final double MONTH_MS = 30.0 * 24 * 3_600_000;
  private static final double MAX_RATE = 0.05;

  /** Checks the settings. */
  public AnomalySettings {
    if (intervalMs <= 0) {
      throw new IllegalArgumentException(
          "intervalMs: expected more than 0, got %d".formatted(intervalMs));
    }
    if (!(expectedFalseAlarms > 0) || Double.isInfinite(expectedFalseAlarms)) {
      throw new IllegalArgumentException(
          "expectedFalseAlarms: expected a number above 0, got " + expectedFalseAlarms);
    }
  }

  /** Returns the expected number of false alarms per step, at most 0.05. */
  double falseAlarmsPerStep() {
    return Math.min(MAX_RATE, expectedFalseAlarms * intervalMs / MONTH_MS);
  }
}
