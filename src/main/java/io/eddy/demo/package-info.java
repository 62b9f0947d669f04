/**
 * The demo: a Kafka broker, training, serving and a switch of weights in one process.
 *
 * <p>{@code Demo} runs the steps, {@code DemoData} provides the events, {@code DemoTraining} the
 * versions and {@code DemoStream} the forecaster; {@code ForecastLedger} counts what {@code
 * DemoReport} prints. For development only: nothing depends on this package.
 */
@NullMarked
package io.eddy.demo;

import org.jspecify.annotations.NullMarked;
