/**
 * {@code eddy bench}: speed of cells, training, state migration, start-up and event streams,
 * measured with JMH, with the stream's own processor or with a forecaster, and accuracy on public
 * data sets.
 *
 * <p>For development only: nothing depends on this package. {@link ReferenceRuntime} finds the
 * runtimes that the benchmarks compare with.
 */
@NullMarked
package io.eddy.bench;

import org.jspecify.annotations.NullMarked;
