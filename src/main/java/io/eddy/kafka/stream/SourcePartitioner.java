package io.eddy.kafka.stream;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Routes a forecast or an anomaly to its event's partition, whatever its key is and however the
 * events were partitioned. A sink is called by the thread that forwards to it, while that thread
 * processes the event.
 */
final class SourcePartitioner implements StreamPartitioner<byte[], byte[]> {
  private final ThreadLocal<@Nullable Integer> partition = new ThreadLocal<>();

  /** Sets the partition of the event that this thread processes. */
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
