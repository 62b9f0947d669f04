/**
 * The trainer: data sets of a series' steps, losses, Adam, and truncated back-propagation through
 * time over many sequences at once.
 *
 * <p>Inputs and targets are made by the same code that serves, so a model sees in training what it
 * will see in the stream. A fixed seed gives the same file byte for byte, whatever the number of
 * threads. Depends on {@code model}, {@code cell} and {@code series}.
 */
@NullMarked
package io.eddy.training;

import org.jspecify.annotations.NullMarked;
