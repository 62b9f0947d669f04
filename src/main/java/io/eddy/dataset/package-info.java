/**
 * Data sets in CSV files.
 *
 * <p>Depends on {@code series}.
 */
@NullMarked
package io.eddy.dataset;

import org.jspecify.annotations.NullMarked;
