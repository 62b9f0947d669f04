/**
 * {@code eddy bench}: speed of cells, training, state migration and start-up, measured with JMH or
 * with the stream's own processor, and accuracy on public data sets.
 *
 * <p>For development only: nothing depends on this package. {@link ReferenceRuntime} finds the
 * runtimes that the benchmarks compare with.
 */
@NullMarked
package io.eddy.bench;

import org.jspecify.annotations.NullMarked;
