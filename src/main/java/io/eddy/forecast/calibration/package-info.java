/**
 * Adaptive conformal calibration of forecast quantiles.
 *
 * <p>Depends on {@code forecast}.
 */
@NullMarked
package io.eddy.forecast.calibration;

import org.jspecify.annotations.NullMarked;
