/**
 * The forecaster as a Kafka Streams topology, and the topics it lives on.
 *
 * <p>An event is decoded, advances its series' state by one step and gives a forecast, all in one
 * transaction. Models and activations arrive over topics of their own, into global stores that
 * every instance holds whole. An {@link io.eddy.stream.Audit} derives what was committed anew.
 * Depends on {@code codec}, {@code forecast} and {@code model}.
 */
@NullMarked
package io.eddy.stream;

import org.jspecify.annotations.NullMarked;
