/**
 * The online combination of the net with simple forecasts.
 *
 * <p>{@link io.eddy.forecast.combination.SimpleComponents} computes the simple forecasts, {@link
 * io.eddy.forecast.combination.WeightLearning} the weights, and {@link
 * io.eddy.forecast.combination.Combination} applies both to the state of a series. All of it costs
 * the same for every step. Depends on {@code series} and {@code model}.
 */
@NullMarked
package io.eddy.forecast.combination;

import org.jspecify.annotations.NullMarked;
