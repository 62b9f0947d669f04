package io.eddy.kafka.config;

import io.eddy.admission.EventLimits;
import io.eddy.admission.LatenessPolicy;
import io.eddy.admission.SeriesLimits;
import io.eddy.rollout.MigrationThrottle;

/**
 * How events are taken that are not as they should be.
 *
 * @param arrival of observations that are late, early or twice there
 * @param limits of values and times; what is beyond goes to the dead letters
 * @param nullDeletes whether an event without a value deletes its series; else it goes there too
 * @param moves what moves of series to other versions may cost
 * @param series what a series may do to the others, and to itself
 */
public record StreamPolicies(
    LatenessPolicy arrival,
    EventLimits limits,
    boolean nullDeletes,
    MigrationThrottle moves,
    SeriesLimits series) {
  /** Events come in order of time. */
  public static final StreamPolicies DEFAULT = new StreamPolicies(LatenessPolicy.IN_ORDER);

  /** Without limits, with moves that cost as much as they do by default. */
  public StreamPolicies(LatenessPolicy arrival) {
    this(arrival, EventLimits.NONE, false);
  }

  /** With moves that cost as much as they do by default. */
  public StreamPolicies(LatenessPolicy arrival, EventLimits limits, boolean nullDeletes) {
    this(arrival, limits, nullDeletes, MigrationThrottle.DEFAULT, SeriesLimits.DEFAULT);
  }

  /** The same with other limits of moves. */
  public StreamPolicies with(MigrationThrottle others) {
    return new StreamPolicies(arrival, limits, nullDeletes, others, series);
  }

  /** The same with other limits of series. */
  public StreamPolicies with(SeriesLimits others) {
    return new StreamPolicies(arrival, limits, nullDeletes, moves, others);
  }
}
