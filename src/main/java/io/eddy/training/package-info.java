/**
 * Training: sequences, losses, optimiser, truncated back-propagation through time, checkpoints,
 * hyper-parameter search, and closed-form fits of linear forecasts.
 *
 * <p>Vocabulary: a <em>sequence</em> is a run of steps of a series; a <em>window</em> is a range of
 * a sequence that one <em>lane</em> of a batch processes in <em>chunks</em>, each of which is one
 * truncated back-propagation and one update.
 *
 * <p>Inputs and targets are computed by the same code as in serving. A fixed seed gives the same
 * model file byte for byte for any number of threads.
 *
 * <p>May use: {@code training.season}, {@code model}, {@code model.io}, {@code nn} and {@code
 * series}.
 */
@NullMarked
package io.eddy.training;

import org.jspecify.annotations.NullMarked;
