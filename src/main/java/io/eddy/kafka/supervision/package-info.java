/**
 * Keeps the forecaster running: replaces stream threads that failed, and watches the brokers and
 * the topics.
 *
 * <p>May use the topics, and the schema registry, and the exception of the stored state.
 */
@NullMarked
package io.eddy.kafka.supervision;

import org.jspecify.annotations.NullMarked;
