package io.eddy.bench.stream;

/**
 * A turn of Eddy and a turn of the bare topology, over the same events.
 *
 * @param eddy turn of {@code serve}
 * @param bare turn of the bare topology
 */
public record StreamRound(StreamTurn eddy, StreamTurn bare) {}
