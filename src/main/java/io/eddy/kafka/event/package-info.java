/**
 * Events: reading, decoding and encoding records of the events topic, and dead letters.
 *
 * <p>An {@code EventMapping} defines which fields of an event hold the series, the timestamp, the
 * values and the covariates. {@code EventReader} is the only way in: it decodes a record, applies
 * the limits and recognizes deletions. {@code EventEncoder} and {@code EventPublisher} write
 * events. A dead letter is a rejected record with its reason.
 *
 * <p>Depends on {@code admission}, {@code dataset}, {@code kafka.schema} and {@code kafka.topics}.
 */
@NullMarked
package io.eddy.kafka.event;

import org.jspecify.annotations.NullMarked;
