/**
 * Reading observations from CSV files: encodings, separators, the header, the columns that hold
 * series, time and value, numbers and times.
 *
 * <p>Whatever a file does not state is detected and reported, or the file is rejected with the
 * option that states it. Depends on {@code series}, {@code series.time} and {@code dataset}.
 */
@NullMarked
package io.eddy.dataset.csv;

import org.jspecify.annotations.NullMarked;
