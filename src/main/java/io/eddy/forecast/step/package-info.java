/**
 * The step function: the effect of one observation on the state of a series, and the forecast that
 * results.
 *
 * <p>{@link io.eddy.forecast.step.StepFunction} is the only code that advances a state. It uses no
 * clock, no I/O and no randomness: the same state, observation and model give the same bits.
 * Depends on {@code series}, {@code admission}, {@code nn}, {@code model} and {@code forecast}.
 */
@NullMarked
package io.eddy.forecast.step;

import org.jspecify.annotations.NullMarked;
