package io.eddy.stream;

import io.eddy.codec.EventLimits;
import io.eddy.series.Arrival;

/**
 * How events are taken that are not as they should be.
 *
 * @param arrival of observations that are late, early or twice there
 * @param limits of values and times; what is beyond goes to the dead letters
 * @param nullDeletes whether an event without a value deletes its series; else it goes there too
 */
public record StreamPolicies(Arrival arrival, EventLimits limits, boolean nullDeletes) {
  /** Events come in order of time. */
  public static final StreamPolicies DEFAULT = new StreamPolicies(Arrival.IN_ORDER);

  /** Without limits. */
  public StreamPolicies(Arrival arrival) {
    this(arrival, EventLimits.NONE, false);
  }
}
