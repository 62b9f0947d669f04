/**
 * Reads what a running forecaster knows: the series in the state stores of this instance, the
 * instances that hold the others, and the committed forecasts and scores.
 *
 * <p>Nothing here runs on a stream thread. A state may include an event that is not committed yet;
 * forecasts and scores are read from their topics and are always committed.
 */
@NullMarked
package io.eddy.kafka.query;

import org.jspecify.annotations.NullMarked;
