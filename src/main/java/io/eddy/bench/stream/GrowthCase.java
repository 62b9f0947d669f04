package io.eddy.bench.stream;

/**
 * A case of the measurement of growth.
 *
 * @param keys number of series
 * @param steps events that each series has had before the measurement
 * @param result of the case
 */
public record GrowthCase(int keys, long steps, StreamResult result) {}
