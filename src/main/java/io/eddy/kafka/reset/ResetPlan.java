package io.eddy.kafka.reset;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The changes that a reset makes.
 *
 * @param offsets of the input topics, by topic and partition
 * @param changelogs topics to delete
 * @param truncated partitions whose records are all deleted
 * @param groups consumer groups to delete
 * @param stateFolder folder to delete; null if it does not exist
 * @param stateBytes size of its files
 */
public record ResetPlan(
    List<OffsetChange> offsets,
    List<String> changelogs,
    List<TopicPartition> truncated,
    List<String> groups,
    @Nullable String stateFolder,
    long stateBytes) {
  public ResetPlan {
    offsets = List.copyOf(offsets);
    changelogs = List.copyOf(changelogs);
    truncated = List.copyOf(truncated);
    groups = List.copyOf(groups);
  }

  /**
   * A committed offset.
   *
   * @param from the committed offset; null for none
   * @param to the new one
   * @param begin offset of the first record
   * @param end offset after the last record
   */
  public record OffsetChange(
      TopicPartition partition, @Nullable Long from, long to, long begin, long end) {}
}
