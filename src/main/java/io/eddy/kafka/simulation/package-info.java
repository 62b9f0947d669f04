/**
 * Simulation of producers: publishes an endless source of observations in real or accelerated time,
 * continues where the events topic ends, and injects faults on request.
 *
 * <p>Depends on {@code dataset} and {@code kafka.event}.
 */
@NullMarked
package io.eddy.kafka.simulation;

import org.jspecify.annotations.NullMarked;
