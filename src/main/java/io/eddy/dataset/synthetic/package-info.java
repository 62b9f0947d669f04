/**
 * Generators of synthetic series for demos, benchmarks and tests. The same seed gives the same bits
 * on every JDK.
 *
 * <p>Depends on {@code series} and {@code dataset}.
 */
@NullMarked
package io.eddy.dataset.synthetic;

import org.jspecify.annotations.NullMarked;
