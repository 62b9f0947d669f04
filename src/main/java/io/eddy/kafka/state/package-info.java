/**
 * The state of a series as bytes in Kafka's state stores.
 *
 * <p>Every record starts with the version of its layout.
 */
@NullMarked
package io.eddy.kafka.state;

import org.jspecify.annotations.NullMarked;
