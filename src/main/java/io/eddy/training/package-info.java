/**
 * Training: sequences of steps, losses, optimiser, and truncated back-propagation through time.
 *
 * <p>Inputs and targets are computed by the code that serves. A fixed seed gives the same model
 * file byte for byte, for any number of threads. Depends on {@code model}.
 */
@NullMarked
package io.eddy.training;

import org.jspecify.annotations.NullMarked;
