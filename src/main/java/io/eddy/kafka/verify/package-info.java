/**
 * Verification of committed forecasts. {@link Verifier} replays the events of every partition with
 * the models and activations that the forecaster had received, computes each forecast again, and
 * compares it with the one on the forecasts topic bit by bit.
 *
 * <p>Terms: an event is <em>expected</em> to produce a forecast or not; a forecast is
 * <em>found</em> on the topic; it is <em>compared</em> if the replayed state is known to be exact.
 * The replay calls the step function that the stream calls and reads nothing but topics.
 */
@NullMarked
package io.eddy.kafka.verify;

import org.jspecify.annotations.NullMarked;
