/**
 * Recurrent cells: parameters, state, one step, and back-propagation through time.
 *
 * <p>Notation: D input size, H hidden size, G gates (1 for the Elman cell, 3 for the GRU, 4 for the
 * LSTM), d dilation, B lanes (sequences worked on side by side), T steps of a chunk. Weights are
 * kept transposed, [D, G·H] and [H, G·H], one array for each input, so that a product is a sum of
 * scaled rows: the order of summation is fixed, and the work goes on over the row. The loops are
 * those of a {@code Kernel}: plain Java that the compiler vectorises, or the JDK's own vectors
 * where they are asked for.
 *
 * <p>All numbers are IEEE float32 and all multiply-adds are fused, so results have the same bits in
 * the interpreter, in compiled code and on every JDK from 17 on. Depends on EJML alone, and on the
 * JDK's incubating vectors where they are there.
 */
@NullMarked
package io.eddy.cell;

import org.jspecify.annotations.NullMarked;
