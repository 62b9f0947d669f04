package io.eddy.training;

/**
 * A range of a sequence that one lane processes from a zero state.
 *
 * @param sequence the sequence
 * @param from first step
 * @param lossFrom first step whose forecast has a loss
 * @param to end, exclusive
 */
record TrainingWindow(TrainingSequence sequence, int from, int lossFrom, int to) {}
