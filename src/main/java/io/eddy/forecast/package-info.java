/**
 * Forecasts and their scores.
 *
 * <p>Depends on {@code model}.
 */
@NullMarked
package io.eddy.forecast;

import org.jspecify.annotations.NullMarked;
