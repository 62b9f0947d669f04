package io.eddy.kafka.stream;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Lays a forecast into the partition of its event, whatever its key and whoever partitioned the
 * events. The event's partition is that of the thread's task: a sink is called within the call that
 * forwards to it.
 */
final class SourcePartitioner implements StreamPartitioner<byte[], byte[]> {
  private final ThreadLocal<@Nullable Integer> partition = new ThreadLocal<>();

  /** The partition of the event that this thread is at. */
  void set(int partition) {
    Integer present = this.partition.get();
    if (present == null || present != partition) {
      this.partition.set(partition);
    }
  }

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, byte[] key, byte[] value, int numPartitions) {
    Integer present = partition.get();
    return present == null || present >= numPartitions
        ? Optional.empty()
        : Optional.of(Set.of(present));
  }
}
