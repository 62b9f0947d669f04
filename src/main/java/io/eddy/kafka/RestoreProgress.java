package io.eddy.kafka;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/**
 * The records that have to be restored from changelogs before the partitions of this process are
 * processed. Standby copies do not count. Thread-safe.
 */
public final class RestoreProgress implements StateRestoreListener {
  private final Map<TopicPartition, Long> remaining = new ConcurrentHashMap<>();

  /** Returns the number of partitions of state stores that are being restored. */
  public int partitions() {
    return remaining.size();
  }

  /** Returns the number of records left to restore. */
  public long records() {
    return remaining.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void onRestoreStart(
      TopicPartition partition, String store, long startingOffset, long endingOffset) {
    remaining.put(partition, Math.max(0, endingOffset - startingOffset));
  }

  @Override
  public void onBatchRestored(
      TopicPartition partition, String store, long batchEndOffset, long numRestored) {
    remaining.computeIfPresent(partition, (key, records) -> Math.max(0, records - numRestored));
  }

  @Override
  public void onRestoreEnd(TopicPartition partition, String store, long totalRestored) {
    remaining.remove(partition);
  }

  @Override
  public void onRestoreSuspended(TopicPartition partition, String store, long totalRestored) {
    remaining.remove(partition);
  }
}
