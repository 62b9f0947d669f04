/**
 * The step function: what one observation does to the state of a series, and the forecast it gives.
 *
 * <p>The stream, the offline commands, the auditor and the tests all call {@link
 * io.eddy.forecast.StepFunction}; nothing else advances a state. No clock, no I/O, no randomness:
 * the same state, observation and model give the same bits. Depends on {@code model}, {@code cell}
 * and {@code series}.
 */
@NullMarked
package io.eddy.forecast;

import org.jspecify.annotations.NullMarked;
