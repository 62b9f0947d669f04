package io.eddy.stream;

import io.eddy.series.ClockRule;
import java.time.Duration;

/**
 * What a series may do to its partition.
 *
 * @param clock when its clock is believed
 */
public record SeriesLimits(ClockRule clock) {
  /** A clock that is more than a year ahead is believed at its second observation. */
  public static final SeriesLimits DEFAULT = new SeriesLimits(ClockRule.of(Duration.ofDays(366)));
}
