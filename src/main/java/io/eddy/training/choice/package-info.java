/**
 * The automatic choice of a model: everything that the user leaves open is derived from statistics
 * of the training part and compared on the validation part.
 *
 * <p>Vocabulary: a <em>plan</em> is the requested model; a <em>decision</em> is a value of it that
 * was derived, with the reason.
 *
 * <p>May use: {@code training}, {@code training.season}, {@code model} and {@code series}.
 */
@NullMarked
package io.eddy.training.choice;

import org.jspecify.annotations.NullMarked;
