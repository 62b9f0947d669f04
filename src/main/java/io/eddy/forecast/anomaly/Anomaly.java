package io.eddy.forecast.anomaly;

import io.eddy.forecast.anomaly.AnomalyScore.Change;

/**
 * The score of a step, or the begin or the end of an episode at it.
 *
 * @param timestampMs start of the step that it is about, epoch milliseconds
 * @param closedMs start of the step whose closing found it: that step, or the one after an absence
 * @param value NaN if the step has none
 * @param score of the step; its change is never {@link Change#CONTINUE} without an episode
 */
public record Anomaly(long timestampMs, long closedMs, double value, AnomalyScore score) {
  private static final Expectation UNKNOWN = new Expectation(Double.NaN, Double.NaN, Double.NaN);
  private static final double SILENCE_SCORE = 0.5;

  /**
   * Returns the begin or the end of a silence. With its end it is known that data are missing and
   * the series has not ended.
   *
   * @param beginMs start of the step with which the silence began
   * @param endMs start of its last step so far
   * @param steps without a value
   */
  public static Anomaly silence(Change change, long beginMs, long endMs, long steps) {
    AnomalyKind kind = change == Change.END ? AnomalyKind.MISSING_DATA : AnomalyKind.SILENCE;
    String reason = Reasons.absence(kind, steps);
    Episode episode =
        new Episode(beginMs, endMs, steps, kind, Double.NaN, UNKNOWN, SILENCE_SCORE, reason);
    return new Anomaly(
        endMs,
        endMs,
        Double.NaN,
        new AnomalyScore(SILENCE_SCORE, Double.NaN, Double.NaN, UNKNOWN, change, episode));
  }

  /** Returns whether an episode begins or ends at the step. */
  public boolean isChange() {
    return score.change() == Change.BEGIN || score.change() == Change.END;
  }
}
