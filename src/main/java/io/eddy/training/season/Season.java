package io.eddy.training.season;

/**
 * A season of a data set.
 *
 * @param steps length in steps
 * @param share share of the variance around the level that the season explains, corrected for the
 *     number of its parameters; mean over the series
 */
public record Season(int steps, double share) {}
