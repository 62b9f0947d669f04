package io.eddy.kafka.config;

import io.eddy.kafka.rocksdb.Compaction;
import io.eddy.kafka.rocksdb.Compression;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.rocksdb.RocksDbSettings.Files;
import io.eddy.kafka.rocksdb.RocksDbSettings.Memory;
import io.eddy.kafka.rocksdb.RocksDbSettings.WriteBuffers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/** Settings of RocksDB, in which the local state is stored. */
final class StorageSettings {
  private static final String MEMORY = "rocksdb.memory";
  private static final String WRITE_BUFFER_SHARE = "rocksdb.write-buffer-share";
  private static final String WRITE_BUFFER_SIZE = "rocksdb.write-buffer-size";
  private static final String WRITE_BUFFERS = "rocksdb.write-buffers";
  private static final String COMPACTION = "rocksdb.compaction";
  private static final String COMPRESSION = "rocksdb.compression";
  private static final String MAX_OPEN_FILES = "rocksdb.max-open-files";
  private static final String THREADS = "rocksdb.threads";
  private static final List<String> KEYS =
      List.of(
          MEMORY,
          WRITE_BUFFER_SHARE,
          WRITE_BUFFER_SIZE,
          WRITE_BUFFERS,
          COMPACTION,
          COMPRESSION,
          MAX_OPEN_FILES,
          THREADS);

  private static final String UNLIMITED = "unlimited";
  private static final String PROCESSORS = "processors";
  private static final int MAX_OPEN = 10_000_000;
  private static final int MAX_THREADS = 256;
  private static final RocksDbSettings DEFAULT = RocksDbSettings.DEFAULT;

  private StorageSettings() {}

  static void define(ConfigDef definition) {
    String group = "State storage";
    defineMemory(definition, group);
    defineFiles(definition, group);
  }

  private static void defineMemory(ConfigDef definition, String group) {
    definition
        .define(
            MEMORY,
            ConfigDef.Type.STRING,
            ByteSize.format(DEFAULT.memory().bytes()),
            Validators.byteSize(Memory.MIN_BYTES, 1024L << 30),
            Importance.HIGH,
            "Memory of RocksDB outside of the heap, shared by the state stores of all partitions:"
                + " block cache, indexes, filters and write buffers. It may be exceeded briefly. A"
                + " container needs it in addition to the heap. Use at least 4 MiB for each state"
                + " store; a partition has three, or four with events.late-policy = revise.",
            group,
            1,
            Width.SHORT,
            "Memory")
        .define(
            WRITE_BUFFER_SHARE,
            ConfigDef.Type.STRING,
            "50%",
            Validators.percentage(1, 90),
            Importance.LOW,
            "Largest part of rocksdb.memory that write buffers use. The rest caches blocks of the"
                + " files.",
            group,
            2,
            Width.SHORT,
            "Share of write buffers")
        .define(
            WRITE_BUFFER_SIZE,
            ConfigDef.Type.STRING,
            ByteSize.format(DEFAULT.writeBuffers().bytes()),
            Validators.byteSize(64L << 10, 4L << 30),
            Importance.LOW,
            "Size at which a write buffer of a state store is flushed to a file.",
            group,
            3,
            Width.SHORT,
            "Size of a write buffer")
        .define(
            WRITE_BUFFERS,
            ConfigDef.Type.INT,
            DEFAULT.writeBuffers().count(),
            Validators.range(1, 100),
            Importance.LOW,
            "Number of write buffers of a state store, including those that are being flushed. If"
                + " all are full, writes wait.",
            group,
            4,
            Width.SHORT,
            "Write buffers");
  }

  private static void defineFiles(ConfigDef definition, String group) {
    definition
        .define(
            COMPACTION,
            ConfigDef.Type.STRING,
            name(DEFAULT.files().compaction()),
            Validators.oneOf(names(Compaction.values())),
            Importance.LOW,
            "How files are merged. `universal` writes less and may need twice the space for some"
                + " time; `level` writes more and needs less space.",
            group,
            5,
            Width.SHORT,
            "Compaction")
        .define(
            COMPRESSION,
            ConfigDef.Type.STRING,
            name(DEFAULT.files().compression()),
            Validators.oneOf(names(Compression.values())),
            Importance.LOW,
            "Compression of new files. States are mostly numbers that compress little.",
            group,
            6,
            Width.SHORT,
            "Compression")
        .define(
            MAX_OPEN_FILES,
            ConfigDef.Type.STRING,
            UNLIMITED,
            Validators.rangeOr(1, MAX_OPEN, UNLIMITED),
            Importance.LOW,
            "Maximum number of files that each state store keeps open. Set it if the process may"
                + " open few files (`ulimit -n`).",
            group,
            7,
            Width.SHORT,
            "Maximum number of open files")
        .define(
            THREADS,
            ConfigDef.Type.STRING,
            PROCESSORS,
            Validators.rangeOr(1, MAX_THREADS, PROCESSORS),
            Importance.LOW,
            "Number of threads that flush and compact in the background, for all state stores"
                + " together. `processors`: one per processor, at least two.",
            group,
            8,
            Width.SHORT,
            "Threads");
  }

  /**
   * Returns the settings, or null if a class of the user's configures RocksDB.
   *
   * @param client properties of Kafka's clients and of Kafka Streams
   */
  static @Nullable RocksDbSettings settings(SettingValues values, Map<String, Object> client) {
    if (client.containsKey(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG)) {
      String setter = KafkaSettings.PREFIX + StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG;
      KEYS.stream()
          .filter(values::differsFromDefault)
          .forEach(
              key ->
                  values.problem(
                      "expected only one of the two: the class configures RocksDB instead of Eddy",
                      key,
                      setter));
      return null;
    }
    return new RocksDbSettings(
        new Memory(
            ByteSize.parse(values.text(MEMORY)),
            SettingValues.ratio(values.text(WRITE_BUFFER_SHARE))),
        new WriteBuffers(
            ByteSize.parse(values.text(WRITE_BUFFER_SIZE)), values.integer(WRITE_BUFFERS)),
        new Files(
            Compaction.valueOf(values.text(COMPACTION).toUpperCase(Locale.ROOT)),
            Compression.valueOf(values.text(COMPRESSION).toUpperCase(Locale.ROOT)),
            number(values.text(MAX_OPEN_FILES), UNLIMITED, Files.UNLIMITED),
            number(values.text(THREADS), PROCESSORS, Files.PROCESSORS)));
  }

  private static int number(String text, String word, int valueOfWord) {
    return text.equals(word) ? valueOfWord : Integer.parseInt(text);
  }

  private static Stream<String> names(Enum<?>[] constants) {
    return Stream.of(constants).map(StorageSettings::name);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
