/**
 * The forecaster as a Kafka Streams application: its start, supervision and shutdown.
 *
 * <p>The sub-packages hold its parts. Kafka and Avro are used here and in the packages above only.
 */
@NullMarked
package io.eddy.kafka;

import org.jspecify.annotations.NullMarked;
