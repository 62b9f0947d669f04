/**
 * Evaluation of forecasts: backtests, error measures by step ahead, and reference forecasts.
 *
 * <p>Depends on {@code forecast} and {@code training}.
 */
@NullMarked
package io.eddy.evaluation;

import org.jspecify.annotations.NullMarked;
