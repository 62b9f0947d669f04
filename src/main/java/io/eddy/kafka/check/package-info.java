/**
 * Inspection of a sample of events, for {@code eddy check}: guesses the mapping, and reports what
 * the forecaster would accept and reject. Depends on {@code kafka.event} and {@code kafka.config}.
 */
@NullMarked
package io.eddy.kafka.check;

import org.jspecify.annotations.NullMarked;
