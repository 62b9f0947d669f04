/**
 * Scoring of earlier forecasts: each series holds one pending forecast until its horizon has
 * passed.
 *
 * <p>Depends on {@code forecast}.
 */
@NullMarked
package io.eddy.forecast.score;

import org.jspecify.annotations.NullMarked;
