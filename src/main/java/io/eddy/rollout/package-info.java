/**
 * Rollout of model versions, without Kafka: activations and their scopes, state migration limits,
 * promotion and rollback rules, manifests and signatures.
 *
 * <p>An {@link io.eddy.rollout.Activation} assigns a version a role (serve or shadow) in a {@link
 * io.eddy.rollout.Scope} from a time on, under an <em>epoch</em>. A series <em>migrates</em> when
 * its state is rebuilt under the version that now applies; a migration is <em>pending</em> while
 * the {@link io.eddy.rollout.MigrationThrottle} delays it.
 */
@NullMarked
package io.eddy.rollout;

import org.jspecify.annotations.NullMarked;
