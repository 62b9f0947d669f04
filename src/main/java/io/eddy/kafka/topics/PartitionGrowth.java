package io.eddy.kafka.topics;

import java.util.Map;

/**
 * A change of the number of partitions of the source topic, by which series moved to other
 * partitions together with their state.
 *
 * @param topic the source topic
 * @param from number of partitions before
 * @param to number of partitions after
 * @param partitioner that places a series in one of the partitions
 * @param offsets of the first event, by partition, that was not processed before the change
 * @param isDone whether all states have moved; the forecaster must not run before
 */
public record PartitionGrowth(
    String topic,
    int from,
    int to,
    KeyPartitioner partitioner,
    Map<Integer, Long> offsets,
    boolean isDone) {
  public PartitionGrowth {
    offsets = Map.copyOf(offsets);
  }

  /** Returns the partition of a key after the change. */
  public int partition(byte[] key) {
    return partitioner.partition(key, to);
  }

  /** Returns whether a series with this key moves. */
  public boolean moves(byte[] key) {
    return partition(key) != partitioner.partition(key, from);
  }

  /** Returns the offset of the first event of a partition that is processed after the change. */
  public long offset(int partition) {
    return offsets.getOrDefault(partition, 0L);
  }

  /** Returns this change with all states moved. */
  public PartitionGrowth done() {
    return new PartitionGrowth(topic, from, to, partitioner, offsets, true);
  }
}
