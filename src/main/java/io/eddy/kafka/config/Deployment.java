package io.eddy.kafka.config;

import io.eddy.rollout.RollbackRules;
import java.util.Map;

/**
 * Settings of one forecaster process.
 *
 * @param applicationId consumer group, which owns committed offsets, state and transactions
 * @param stateDir directory of the local state stores
 * @param threads number of stream threads
 * @param client properties of Kafka's clients and of Kafka Streams, including {@code
 *     bootstrap.servers}
 * @param rollback conditions of an automatic rollback
 */
public record Deployment(
    String applicationId,
    String stateDir,
    int threads,
    Map<String, Object> client,
    RollbackRules rollback) {}
