/**
 * Rollout of model versions: activations and their scopes, the migration throttle, promotion and
 * rollback rules, and signatures.
 *
 * <p>Depends on {@code forecast}.
 */
@NullMarked
package io.eddy.rollout;

import org.jspecify.annotations.NullMarked;
