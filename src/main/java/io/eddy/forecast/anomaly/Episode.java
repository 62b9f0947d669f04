package io.eddy.forecast.anomaly;

/**
 * A period of anomalous steps.
 *
 * @param beginMs start of its first step, epoch milliseconds
 * @param endMs start of its last step so far
 * @param steps from begin to end
 * @param kind final once the episode has ended
 * @param value the most anomalous one; NaN if values are absent
 * @param expected at that step
 * @param severity largest score, in [0, 1]
 * @param reason one sentence
 */
public record Episode(
    long beginMs,
    long endMs,
    long steps,
    AnomalyKind kind,
    double value,
    Expectation expected,
    double severity,
    String reason) {
  /** Returns this episode with its final kind. */
  Episode ended(AnomalyKind kind, String reason) {
    return new Episode(beginMs, endMs, steps, kind, value, expected, severity, reason);
  }
}
