/**
 * The demo: a Kafka broker, training, serving and a switch of weights in one process.
 *
 * <p>{@code Demo} runs the steps, {@code DemoData} provides the events, {@code DemoTraining} the
 * versions, {@code DemoStream} the forecaster and {@code DemoServer} its page; {@code
 * ForecastLedger} counts what {@code DemoReport} prints. For development only: nothing depends on
 * this package.
 */
@NullMarked
package io.eddy.demo;

import org.jspecify.annotations.NullMarked;
