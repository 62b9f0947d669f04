package io.eddy.kafka.config;

import io.eddy.rollout.RollbackRules;
import java.util.Map;

/**
 * How a forecaster runs.
 *
 * @param applicationId of the consumer group; state and progress belong to it
 * @param stateDir folder of the local state
 * @param threads stream threads
 * @param client settings of Kafka's clients, with {@code bootstrap.servers}; may set anything else
 * @param rollback when what serves is taken back without being asked
 */
public record Deployment(
    String applicationId,
    String stateDir,
    int threads,
    Map<String, Object> client,
    RollbackRules rollback) {
  /** With the usual rules of taking back. */
  public Deployment(
      String applicationId, String stateDir, int threads, Map<String, Object> client) {
    this(applicationId, stateDir, threads, client, RollbackRules.DEFAULT);
  }
}
