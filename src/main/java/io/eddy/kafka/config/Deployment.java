package io.eddy.kafka.config;

import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.rollout.RollbackRules;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of one forecaster process.
 *
 * @param applicationId consumer group, which owns committed offsets, state and transactions
 * @param stateDir directory of the local state stores
 * @param threads number of stream threads, and how many of them may fail
 * @param client properties of Kafka's clients and of Kafka Streams, including {@code
 *     bootstrap.servers}
 * @param rollback conditions of an automatic rollback
 * @param rocksDb settings of RocksDB, or null if the class {@code rocksdb.config.setter} of {@code
 *     client} configures it
 */
public record Deployment(
    String applicationId,
    String stateDir,
    ThreadSettings threads,
    Map<String, Object> client,
    RollbackRules rollback,
    @Nullable RocksDbSettings rocksDb) {
  /** Returns these settings with a property of Kafka Streams, unless it is set already. */
  public Deployment withDefault(String property, Object value) {
    Map<String, Object> extended = new HashMap<>(client);
    extended.putIfAbsent(property, value);
    return new Deployment(applicationId, stateDir, threads, extended, rollback, rocksDb);
  }
}
