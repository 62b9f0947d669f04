package io.eddy.training;

/**
 * A stretch of a sequence that one lane goes through from a zero state.
 *
 * @param sequence it is of
 * @param from first step
 * @param lossFrom first step whose forecast counts
 * @param to end, exclusive
 */
record TrainingWindow(TrainingSequence sequence, int from, int lossFrom, int to) {}
