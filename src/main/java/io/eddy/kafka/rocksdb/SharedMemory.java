package io.eddy.kafka.rocksdb;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory that the databases of a process share: one block cache, and one manager of write
 * buffers that charges them to the cache.
 *
 * <p>The size is a target, not a hard limit: blocks in use and write buffers that are being flushed
 * may exceed it briefly, because the alternative would be a failed read. Indexes and filters are in
 * the cache, too.
 *
 * <p>Close it after Kafka Streams has closed all stores: a store that opens or reads with a closed
 * cache would crash the process.
 */
public final class SharedMemory implements AutoCloseable {
  /** Key of the object among the properties of Kafka Streams. */
  static final String PROPERTY = "eddy.rocksdb.memory";

  /** Part of the cache in which indexes and filters stay longer than other blocks. */
  private static final double INDEX_SHARE = 0.1;

  /** Bytes that a database allocates for write buffers at its first write. */
  private static final long MIN_WRITE_BUFFER_BYTES = 2L << 20;

  private static final Logger log = LoggerFactory.getLogger(SharedMemory.class);

  private final RocksDbSettings settings;
  private final Cache cache;
  private final WriteBufferManager writeBuffers;
  private final AtomicInteger databases = new AtomicInteger();

  /** Allocates the cache. */
  public SharedMemory(RocksDbSettings settings) {
    RocksDB.loadLibrary();
    this.settings = settings;
    cache = new LRUCache(settings.memory().bytes(), -1, false, INDEX_SHARE);
    writeBuffers = new WriteBufferManager(settings.memory().writeBufferBytes(), cache);
  }

  /** Returns the properties by which Kafka Streams configures its databases with this object. */
  public Map<String, Object> properties() {
    return Map.of(
        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, DatabaseOptions.class, PROPERTY, this);
  }

  /** Sets the options of a database. Allocates no native memory that has to be released. */
  void configure(Options options) {
    ((BlockBasedTableConfig) options.tableFormatConfig())
        .setBlockCache(cache)
        .setCacheIndexAndFilterBlocks(true)
        .setCacheIndexAndFilterBlocksWithHighPriority(true)
        .setPinTopLevelIndexAndFilter(true);
    RocksDbSettings.Files files = settings.files();
    options
        .setTableFormatConfig(options.tableFormatConfig())
        .setWriteBufferManager(writeBuffers)
        .setWriteBufferSize(settings.writeBuffers().bytes())
        .setMaxWriteBufferNumber(settings.writeBuffers().count())
        .setCompactionStyle(files.compaction().style())
        .setCompressionType(files.compression().type())
        .setMaxOpenFiles(files.maxOpen());
    if (files.threads() != RocksDbSettings.Files.PROCESSORS) {
      options.setIncreaseParallelism(files.threads());
    }
    String warning = warning(databases.incrementAndGet());
    if (warning != null) {
      log.warn(warning);
    }
  }

  /** Returns a warning if this is the first database for which the memory is too small. */
  @Nullable String warning(int open) {
    RocksDbSettings.Memory memory = settings.memory();
    long fitting = memory.writeBufferBytes() / MIN_WRITE_BUFFER_BYTES;
    if (open != fitting + 1) {
      return null;
    }
    return ("%d state stores share rocksdb.memory = %d MiB, so their write buffers are flushed"
            + " early, into many small files; use at least %.0f MiB")
        .formatted(
            open,
            memory.bytes() >> 20,
            Math.ceil(open * (MIN_WRITE_BUFFER_BYTES >> 20) / memory.writeBufferShare()));
  }

  /** Counts a database as closed. */
  void release() {
    databases.decrementAndGet();
  }

  @Override
  public void close() {
    writeBuffers.close();
    cache.close();
  }
}
