/** Benchmarks. */
@NullMarked
package io.eddy.bench;

import org.jspecify.annotations.NullMarked;
