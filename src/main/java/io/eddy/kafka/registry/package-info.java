/**
 * The model registry: publishing model versions, the activation log, rollout operations, and
 * loading versions.
 *
 * <p>{@link io.eddy.kafka.registry.ModelLoader} is the only class that loads a version, so that all
 * commands accept and reject the same ones. A version is <em>complete</em> if its manifest and all
 * parts are on the topic, <em>rejected</em> if it is invalid or exceeds the limits.
 */
@NullMarked
package io.eddy.kafka.registry;

import org.jspecify.annotations.NullMarked;
