/**
 * The benchmark of anomaly scores on the files of the Numenta Anomaly Benchmark.
 *
 * <p>Depends on {@code forecast.anomaly}.
 */
@NullMarked
package io.eddy.bench.anomalies;

import org.jspecify.annotations.NullMarked;
