/**
 * The page that shows a forecaster in a browser: static files, which request everything else from
 * the API. The files are resources of this package; the chart library is a webjar.
 *
 * <p>Depends on {@code serving.http}.
 */
@NullMarked
package io.eddy.serving.page;

import org.jspecify.annotations.NullMarked;
