/**
 * Data sets for training and evaluation: series of observations, and reading them from CSV files.
 *
 * <p>Depends on {@code series} and {@code model}.
 */
@NullMarked
package io.eddy.dataset;

import org.jspecify.annotations.NullMarked;
