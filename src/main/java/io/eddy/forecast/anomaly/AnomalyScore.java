package io.eddy.forecast.anomaly;

import org.jspecify.annotations.Nullable;

/**
 * The result of a step.
 *
 * @param score in [0, 1]; ½ if the step is as extreme as the most extreme recent one
 * @param threshold score above which an episode begins
 * @param pValue probability of a value at least as far from the median, by the forecast; NaN for an
 *     absent value
 * @param expected from the steps before
 * @param change of the episode at this step
 * @param episode the one that begins, continues or ends; null without one
 */
public record AnomalyScore(
    double score,
    double threshold,
    double pValue,
    Expectation expected,
    Change change,
    @Nullable Episode episode) {
  /** The change of an episode at a step. */
  public enum Change {
    NONE,
    BEGIN,
    CONTINUE,
    END
  }
}
