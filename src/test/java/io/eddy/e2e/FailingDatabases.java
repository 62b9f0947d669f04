package io.eddy.e2e;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.Options;

/** A RocksDB configuration that fails on stream threads as often as told. */
public final class FailingDatabases implements RocksDBConfigSetter {
  static final String REASON = "the database cannot be opened";
  private static final AtomicInteger FAILURES = new AtomicInteger();

  static void fail(int times) {
    FAILURES.set(times);
  }

  @Override
  public void setConfig(String store, Options options, Map<String, Object> configs) {
    boolean isStreamThread = Thread.currentThread().getName().contains("-StreamThread-");
    if (isStreamThread && FAILURES.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IllegalStateException(REASON);
    }
  }

  @Override
  public void close(String store, Options options) {
    // Nothing was opened.
  }
}
