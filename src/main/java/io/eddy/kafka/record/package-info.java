/**
 * Records that Eddy writes: forecasts, scores, models, activations and instance status.
 *
 * <p>Their Avro schemas are in {@code schemas}. A codec maps a domain object to a record and back.
 * Depends on {@code forecast}, {@code rollout} and {@code kafka.schema}.
 */
@NullMarked
package io.eddy.kafka.record;

import org.jspecify.annotations.NullMarked;
