/**
 * Simulation of producers: publishes an endless source of observations in real or accelerated time,
 * continues where the events topic ends, and injects faults on request.
 *
 * <p>A {@link io.eddy.kafka.simulation.SimulationRequest} states the wanted events, a {@link
 * io.eddy.kafka.simulation.SimulationPlan} which follow from it and the events topic, a {@link
 * io.eddy.kafka.simulation.SimulationRun} publishes them.
 *
 * <p>Depends on {@code dataset} and {@code kafka.event}.
 */
@NullMarked
package io.eddy.kafka.simulation;

import org.jspecify.annotations.NullMarked;
