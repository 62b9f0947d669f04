package io.eddy.series;

import org.jspecify.annotations.Nullable;

/**
 * The interval found in the times of observations.
 *
 * @param interval null if the times are irregular, or too few
 * @param share share of the distances between observations that are one step, 0 to 1
 * @param description one sentence without a full stop: the interval and how it was found, or why
 *     none was found and what to do
 * @param warning what is probably wrong with the times or the zone; null for nothing
 */
public record DetectedInterval(
    @Nullable Interval interval, double share, String description, @Nullable String warning) {
  static DetectedInterval none(String description) {
    return new DetectedInterval(null, 0, description, null);
  }

  /**
   * Returns the interval.
   *
   * @throws IllegalArgumentException if none was found
   */
  public Interval required() {
    if (interval == null) {
      throw new IllegalArgumentException(description);
    }
    return interval;
  }
}
