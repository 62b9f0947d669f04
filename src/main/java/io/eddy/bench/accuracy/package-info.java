/**
 * Accuracy on public data sets, compared with published results.
 *
 * <p>A <em>protocol</em> defines the data and the measures, a <em>task</em> the forecasts of one
 * horizon, a <em>recipe</em> how its model is trained. An {@link AccuracyRun} trains and forecasts,
 * an {@link AccuracyReport} prints the results.
 */
@NullMarked
package io.eddy.bench.accuracy;

import org.jspecify.annotations.NullMarked;
