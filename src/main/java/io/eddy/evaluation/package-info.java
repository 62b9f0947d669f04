/**
 * How good forecasts are: errors by horizon, beside those of simple forecasts.
 *
 * <p>What is measured, and after whom, stands in {@link io.eddy.evaluation.Measures}; {@link
 * io.eddy.evaluation.Backtest} goes through the past with versions that take turns. Forecasts are
 * made by the step function, one observation after the other, as the stream makes them. Depends on
 * {@code forecast}, {@code model} and {@code series}.
 */
@NullMarked
package io.eddy.evaluation;

import org.jspecify.annotations.NullMarked;
