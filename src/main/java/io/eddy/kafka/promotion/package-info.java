/**
 * Automatic promotion and rollback: consumes the scores topic and applies the decisions of the
 * rules in {@code rollout}. One instance of an application, elected by a consumer group, is active.
 */
@NullMarked
package io.eddy.kafka.promotion;

import org.jspecify.annotations.NullMarked;
