package io.eddy.stream;

import io.eddy.series.Arrival;

/**
 * How events are taken that are not as they should be.
 *
 * @param arrival of observations that are late, early or twice there
 */
public record StreamPolicies(Arrival arrival) {
  /** Events come in order of time. */
  public static final StreamPolicies DEFAULT = new StreamPolicies(Arrival.IN_ORDER);
}
