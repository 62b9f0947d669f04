/**
 * Bytes ↔ domain: events, forecasts, scores, models and activations as Kafka records, CSV files,
 * and the state of a series as its store holds it.
 *
 * <p>Records are Avro single-object encoded (C3 01, fingerprint); their schemas stand in {@code
 * schemas}. State bytes have a versioned layout of their own. Depends on {@code forecast}, {@code
 * model}, {@code cell} and {@code series}.
 */
@NullMarked
package io.eddy.codec;

import org.jspecify.annotations.NullMarked;
