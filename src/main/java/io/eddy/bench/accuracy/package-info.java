/** Accuracy on public data sets, compared with published results. */
@NullMarked
package io.eddy.bench.accuracy;

import org.jspecify.annotations.NullMarked;
