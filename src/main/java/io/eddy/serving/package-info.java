/**
 * The HTTP interface of a running forecaster: health, metrics, API and page.
 *
 * <p>{@link io.eddy.serving.ForecasterServer} opens the port before the forecaster exists and adds
 * the handlers; {@code serving.http} is the server itself. A handler gets the forecaster from
 * {@link io.eddy.serving.RunningForecaster}, which is empty until a version of the model is
 * activated.
 */
@NullMarked
package io.eddy.serving;

import org.jspecify.annotations.NullMarked;
