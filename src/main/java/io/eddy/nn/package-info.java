/**
 * Recurrent neural networks: parameters, state, one step, and back-propagation through time.
 *
 * <p>Notation: D input size, H hidden size, G gates (1 for the Elman cell, 3 for the GRU, 4 for the
 * LSTM, the sLSTM and the LRU), d dilation, T steps of a chunk, B lanes. A <em>lane</em> is one
 * sequence of a batch. Weights are stored transposed, [D, G·H] and [H, G·H], or [2·H, 2·H] for the
 * LRU.
 *
 * <p>May use: {@code nn.kernel} and EJML.
 */
@NullMarked
package io.eddy.nn;

import org.jspecify.annotations.NullMarked;
