/**
 * Encodes series' states and keeps them in the state stores of Kafka Streams.
 *
 * <p>{@link io.eddy.kafka.state.StoreKeys} defines all keys. Every value begins with a layout byte;
 * an unknown layout is refused. {@link io.eddy.kafka.state.KafkaPartitionStore} implements the
 * storage of {@code engine}. Depends on {@code engine} and the packages below it, and on {@code
 * kafka.record}.
 */
@NullMarked
package io.eddy.kafka.state;

import org.jspecify.annotations.NullMarked;
