/**
 * The Kafka Streams topology of the forecaster.
 *
 * <p>Processors map records to the domain, call {@code engine} and map the outcome back. Every
 * operator and store is named by hand.
 */
@NullMarked
package io.eddy.kafka.stream;

import org.jspecify.annotations.NullMarked;
