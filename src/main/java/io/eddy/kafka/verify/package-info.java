/**
 * Verification: derives committed forecasts again from events, models and activations, and compares
 * them bit by bit.
 */
@NullMarked
package io.eddy.kafka.verify;

import org.jspecify.annotations.NullMarked;
