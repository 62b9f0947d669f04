/**
 * Generators of synthetic sensor data.
 *
 * <p>Depends on {@code series}.
 */
@NullMarked
package io.eddy.dataset.synthetic;

import org.jspecify.annotations.NullMarked;
