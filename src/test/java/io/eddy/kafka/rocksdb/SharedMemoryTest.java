package io.eddy.kafka.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.rocksdb.RocksDbSettings.Files;
import io.eddy.kafka.rocksdb.RocksDbSettings.Memory;
import io.eddy.kafka.rocksdb.RocksDbSettings.WriteBuffers;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Real databases, opened by Kafka Streams; its metrics show what they use. */
class SharedMemoryTest {
  private static final List<String> STORES = List.of("a", "b", "c");
  private static final int ENTRIES = 24 << 10;
  private static final int VALUE_BYTES = 1 << 10;
  private static final Memory SMALL = new Memory(16L << 20, 0.5);

  @TempDir Path folder;

  private static final class Sink implements Processor<byte[], byte[], Void, Void> {
    @Override
    public void process(Record<byte[], byte[]> record) {
      throw new IllegalStateException("no record is expected");
    }
  }

  private static RocksDbSettings with(Memory memory, Compaction compaction, Compression type) {
    return new RocksDbSettings(
        memory, new WriteBuffers(4L << 20, 3), new Files(compaction, type, 64, 2));
  }

  private static RocksDbSettings small() {
    return with(SMALL, Compaction.UNIVERSAL, Compression.NONE);
  }

  private TopologyTestDriver driver(Map<String, Object> properties) {
    Topology topology = new Topology();
    topology.addSource(
        "source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "source");
    topology.addProcessor("sink", Sink::new, "source");
    for (String store : STORES) {
      topology.addStateStore(
          Stores.keyValueStoreBuilder(
                  Stores.persistentKeyValueStore(store), Serdes.Bytes(), Serdes.ByteArray())
              .withLoggingDisabled(),
          "sink");
    }
    Properties all = new Properties();
    all.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    all.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    all.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    all.putAll(properties);
    return new TopologyTestDriver(topology, all);
  }

  /** Writes 24 MiB into each store, in no order, and some entries twice. */
  private static void write(TopologyTestDriver driver) {
    for (String name : STORES) {
      KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(name);
      Random random = new Random(name.hashCode());
      for (int entry = 0; entry < ENTRIES; entry++) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        store.put(key(random.nextInt(ENTRIES)), value);
      }
    }
  }

  private static Bytes key(int number) {
    return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  /** Reads every entry, by key; returns a hash of each store. */
  private static Map<String, Integer> read(TopologyTestDriver driver) {
    Map<String, Integer> hashes = new HashMap<>();
    for (String name : STORES) {
      KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(name);
      int hash = 0;
      for (int number = 0; number < ENTRIES; number++) {
        hash = 31 * hash + Arrays.hashCode(store.get(key(number)));
      }
      hashes.put(name, hash);
    }
    return hashes;
  }

  /** Returns a property of RocksDB by store. */
  private static Map<String, Long> property(TopologyTestDriver driver, String property) {
    Map<String, Long> values = new HashMap<>();
    driver
        .metrics()
        .forEach(
            (name, metric) -> {
              if (name.name().equals(property)) {
                values.put(
                    String.valueOf(name.tags().get("rocksdb-state-id")),
                    ((BigInteger) metric.metricValue()).longValue());
              }
            });
    assertThat(values).containsOnlyKeys(STORES);
    return values;
  }

  private static long sum(Map<String, Long> values) {
    return values.values().stream().mapToLong(bytes -> bytes).sum();
  }

  @Test
  void storesShareOneBoundedCache() {
    Map<String, Integer> expected;
    try (TopologyTestDriver driver = driver(Map.of())) {
      write(driver);
      expected = read(driver);
      // Without the shared memory, the stores take more.
      assertThat(
              sum(property(driver, "block-cache-usage"))
                  + sum(property(driver, "size-all-mem-tables")))
          .isGreaterThan(2 * SMALL.bytes());
    }

    try (SharedMemory memory = new SharedMemory(small());
        TopologyTestDriver driver = driver(memory.properties())) {
      write(driver);

      assertThat(sum(property(driver, "size-all-mem-tables")))
          .isBetween(1L, SMALL.writeBufferBytes() * 3 / 2);
      assertThat(read(driver)).isEqualTo(expected);
      assertThat(property(driver, "block-cache-capacity").values()).containsOnly(SMALL.bytes());
      assertThat(property(driver, "block-cache-usage").values())
          .as("usage of the one cache, as each store reports it")
          .containsOnly(property(driver, "block-cache-usage").get("a"))
          .allMatch(bytes -> bytes > SMALL.bytes() / 2 && bytes <= SMALL.bytes() * 5 / 4);
      assertThat(sum(property(driver, "estimate-table-readers-mem"))).isLessThan(1 << 20);
    }
  }

  @Test
  void closedStoreLeavesTheOthersUsable() throws RocksDBException {
    try (SharedMemory memory = new SharedMemory(small());
        Options options = new Options();
        Options otherOptions = new Options()) {
      DatabaseOptions closed = configure(memory, options);
      configure(memory, otherOptions);
      try (RocksDB other = RocksDB.open(otherOptions, folder.resolve("other").toString())) {
        RocksDB.open(options, folder.resolve("closed").toString()).close();
        closed.close("closed", options);

        other.put(key(1).get(), value(1));
        assertThat(other.get(key(1).get())).isEqualTo(value(1));
      }
    }
  }

  private static DatabaseOptions configure(SharedMemory memory, Options options) {
    options.setCreateIfMissing(true).setTableFormatConfig(new BlockBasedTableConfig());
    DatabaseOptions setter = new DatabaseOptions();
    setter.setConfig("store", options, memory.properties());
    return setter;
  }

  @ParameterizedTest
  @CsvSource({"LEVEL, LZ4", "LEVEL, ZSTD", "UNIVERSAL, LZ4", "LEVEL, NONE"})
  void filesStayReadableWhenOptionsChange(Compaction compaction, Compression compression)
      throws RocksDBException {
    writeAndVerify(small(), 0, 4000);
    writeAndVerify(with(SMALL, compaction, compression), 4000, 8000);
    writeAndVerify(small(), 8000, 9000);
  }

  private void writeAndVerify(RocksDbSettings settings, int from, int to) throws RocksDBException {
    try (SharedMemory memory = new SharedMemory(settings);
        Options options = new Options()) {
      options.setCreateIfMissing(true).setTableFormatConfig(new BlockBasedTableConfig());
      memory.configure(options);
      try (RocksDB database = RocksDB.open(options, folder.resolve("database").toString());
          FlushOptions flush = new FlushOptions()) {
        for (int number = from; number < to; number++) {
          database.put(key(number).get(), value(number));
        }
        database.flush(flush);
        database.compactRange();
        for (int number = 0; number < to; number++) {
          assertThat(database.get(key(number).get())).isEqualTo(value(number));
        }
      }
    }
  }

  private static byte[] value(int number) {
    byte[] value = new byte[VALUE_BYTES];
    Arrays.fill(value, (byte) number);
    return value;
  }

  @Test
  void setsEveryOption() {
    try (SharedMemory memory =
            new SharedMemory(
                new RocksDbSettings(
                    SMALL,
                    new WriteBuffers(5L << 20, 7),
                    new Files(Compaction.LEVEL, Compression.ZSTD, 99, 3)));
        Options options = new Options()) {
      options.setTableFormatConfig(new BlockBasedTableConfig());

      memory.configure(options);

      assertThat(options.writeBufferSize()).isEqualTo(5L << 20);
      assertThat(options.maxWriteBufferNumber()).isEqualTo(7);
      assertThat(options.compactionStyle()).isEqualTo(CompactionStyle.LEVEL);
      assertThat(options.compressionType()).isEqualTo(CompressionType.ZSTD_COMPRESSION);
      assertThat(options.maxOpenFiles()).isEqualTo(99);
      assertThat(options.maxBackgroundJobs()).isEqualTo(3);
    }
  }

  @Test
  void warnsOnceIfManyStoresShareLittle() {
    try (SharedMemory memory = new SharedMemory(small())) {
      assertThat(memory.warning(4)).isNull();
      assertThat(memory.warning(5))
          .isEqualTo(
              "5 state stores share rocksdb.memory = 16 MiB, so their write buffers are flushed"
                  + " early, into many small files; use at least 20 MiB");
      assertThat(memory.warning(6)).isNull();
    }
  }
}
