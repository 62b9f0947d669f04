/**
 * Records that Eddy writes: forecasts, scores, models, activations and instance status.
 *
 * <p>Their schemas are in {@code schemas}.
 */
@NullMarked
package io.eddy.kafka.record;

import org.jspecify.annotations.NullMarked;
