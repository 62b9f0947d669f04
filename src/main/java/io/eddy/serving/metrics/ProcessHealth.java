package io.eddy.serving.metrics;

/**
 * The health of the process at one time.
 *
 * @param state starting, waiting, stopping, or that of Kafka Streams in lower case
 */
public record ProcessHealth(String state, boolean isLive, boolean isStarted, boolean isReady) {}
