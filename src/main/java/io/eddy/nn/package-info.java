/**
 * Recurrent neural networks: parameters, state, one step, and back-propagation through time.
 *
 * <p>Notation: D input size, H hidden size, G gates (1 for the Elman cell, 3 for the GRU, 4 for the
 * LSTM), d dilation, B lanes (sequences processed side by side), T steps of a chunk. Weights are
 * stored transposed, [D, G·H] and [H, G·H].
 *
 * <p>Depends on {@code nn.kernel} and EJML.
 */
@NullMarked
package io.eddy.nn;

import org.jspecify.annotations.NullMarked;
