package io.eddy.kafka.config;

import io.eddy.rollout.RollbackRules;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Settings of the broker connection and of the process. */
final class ProcessSettings {
  static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
  static final String APPLICATION_ID = "application.id";
  static final String STATE_DIR = "state.dir";
  static final String THREADS = "threads";

  static final String MAX_REPLACEMENTS = "threads.max-replacements";

  static final String DELETED_TOPICS = "topics.deleted";

  private static final String STOP = "stop";
  private static final String WAIT = "wait";

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
            Path.of(System.getProperty("user.home"), ".eddy", "state").toString(),
            null,
            Importance.HIGH,
            "Directory of the local state stores. Use a directory that survives a restart: missing"
                + " state is restored from the broker before the first forecast. Each process on a"
                + " machine needs its own. It remembers its cluster and topics: the state of others"
                + " is refused.",
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
            "Threads")
        .define(
            MAX_REPLACEMENTS,
            ConfigDef.Type.INT,
            ThreadSettings.DEFAULT_MAX_REPLACEMENTS,
            Validators.range(0, 999),
            Importance.LOW,
            "Maximum number of stream threads that are replaced within ten minutes after an"
                + " unexpected failure; with one more, the process stops with the cause. A thread"
                + " that lost its broker does not count: it is replaced when a broker answers. A"
                + " missing permission and other failures that cannot pass stop the process at"
                + " once.",
            GROUP,
            5,
            Width.SHORT,
            "Replacements")
        .define(
            DELETED_TOPICS,
            ConfigDef.Type.STRING,
            STOP,
            Validators.oneOf(Stream.of(STOP, WAIT)),
            Importance.LOW,
            "What to do if the topic of forecasts, scores or dead letters is deleted while the"
                + " forecaster runs: stop with exit code 1, or wait, not ready, until it is created"
                + " again. If another topic is deleted, the forecaster stops in any case.",
            GROUP,
            6,
            Width.SHORT,
            "Deleted topics");
  }

  static Deployment deployment(
      SettingValues values, Map<String, Object> client, RollbackRules rollback) {
    return new Deployment(
        values.text(APPLICATION_ID),
        values.text(STATE_DIR),
        new ThreadSettings(
            values.integer(THREADS),
            values.integer(MAX_REPLACEMENTS),
            values.text(DELETED_TOPICS).equals(WAIT)),
        client,
        rollback,
        StorageSettings.settings(values, client));
  }
}
