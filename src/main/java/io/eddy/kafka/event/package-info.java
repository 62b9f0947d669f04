/**
 * Events: decoding and encoding of JSON, Avro and numeric events, and dead letters.
 *
 * <p>Depends on {@code admission} and {@code kafka.schema}.
 */
@NullMarked
package io.eddy.kafka.event;

import org.jspecify.annotations.NullMarked;
