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
  /** Returns whether an episode begins or ends at the step. */
  public boolean isChange() {
    return score.change() == Change.BEGIN || score.change() == Change.END;
  }
}
