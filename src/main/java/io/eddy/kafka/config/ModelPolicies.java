package io.eddy.kafka.config;

import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.ModelLimits;

/**
 * Limits of model versions and of state migration.
 *
 * @param limits requirements that a version has to meet to be loaded
 * @param migration limit on state migrations per event
 */
public record ModelPolicies(ModelLimits limits, MigrationThrottle migration) {
  /** Accepts every valid version and migrates every series at its next event. */
  public static final ModelPolicies DEFAULT =
      new ModelPolicies(ModelLimits.NONE, MigrationThrottle.DEFAULT);
}
