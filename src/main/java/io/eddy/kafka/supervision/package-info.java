/**
 * Keeps the forecaster running: replaces stream threads that failed, and watches the brokers and
 * the topics.
 *
 * <p>May use the topics, and the exceptions of the schema registry and of the stored state.
 */
@NullMarked
package io.eddy.kafka.supervision;

import org.jspecify.annotations.NullMarked;
