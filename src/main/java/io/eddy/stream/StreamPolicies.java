package io.eddy.stream;

import io.eddy.series.Arrival;

/**
 * How events are taken that are not as they should be.
 *
 * @param arrival of observations that are late, early or twice there
 * @param moves what moves of series to other versions may cost
 */
public record StreamPolicies(Arrival arrival, MoveLimits moves) {
  /** Events come in order of time. */
  public static final StreamPolicies DEFAULT = new StreamPolicies(Arrival.IN_ORDER);

  /** With moves that cost as much as they do by default. */
  public StreamPolicies(Arrival arrival) {
    this(arrival, MoveLimits.DEFAULT);
  }

  /** The same with other limits of moves. */
  public StreamPolicies with(MoveLimits others) {
    return new StreamPolicies(arrival, others);
  }
}
