package io.eddy.kafka.config;

import io.eddy.rollout.RollbackRules;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Settings of the broker connection and of the process. */
final class ProcessSettings {
  static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
  static final String APPLICATION_ID = "application.id";
  static final String STATE_DIR = "state.dir";
  static final String THREADS = "threads";

  private static final String GROUP = "Broker and process";

  private ProcessSettings() {}

  static void define(ConfigDef definition) {
    definition
        .define(
            BOOTSTRAP_SERVERS,
            ConfigDef.Type.LIST,
            "localhost:9092",
            Validators.brokers(),
            Importance.HIGH,
            "Kafka brokers to connect to first; the other brokers of the cluster are discovered."
                + " The option --bootstrap-servers overrides this setting.",
            GROUP,
            1,
            Width.LONG,
            "Brokers")
        .define(
            APPLICATION_ID,
            ConfigDef.Type.STRING,
            "eddy",
            Validators.topicName(),
            Importance.HIGH,
            "Consumer group and prefix of internal topics. Committed offsets, state and"
                + " transactions belong to it: instances with the same id share the partitions, and"
                + " a new id starts from the first event.",
            GROUP,
            2,
            Width.MEDIUM,
            "Application id")
        .define(
            STATE_DIR,
            ConfigDef.Type.STRING,
            Path.of(System.getProperty("java.io.tmpdir"), "eddy-state").toString(),
            null,
            Importance.HIGH,
            "Directory of the local state stores. Use a directory that survives a restart: missing"
                + " state is restored from the broker before the first forecast. Each process on a"
                + " machine needs its own.",
            GROUP,
            3,
            Width.LONG,
            "State directory")
        .define(
            THREADS,
            ConfigDef.Type.INT,
            2,
            Validators.range(1, 999),
            Importance.MEDIUM,
            "Number of stream threads. Threads beyond the number of partitions of the events topic"
                + " stay idle.",
            GROUP,
            4,
            Width.SHORT,
            "Threads");
  }

  static Deployment deployment(
      SettingValues values, Map<String, Object> client, RollbackRules rollback) {
    return new Deployment(
        values.text(APPLICATION_ID),
        values.text(STATE_DIR),
        values.integer(THREADS),
        client,
        rollback,
        StorageSettings.settings(values, client));
  }
}
