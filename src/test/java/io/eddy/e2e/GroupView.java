package io.eddy.e2e;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** The state of the forecasters' consumer group on the broker. */
final class GroupView implements AutoCloseable {
  private final Admin admin;
  private final String group;
  private final String topic;

  GroupView(Map<String, Object> client, String group, String topic) {
    admin = Admin.create(client);
    this.group = group;
    this.topic = topic;
  }

  /** Returns the partitions of the members whose client id has a prefix. */
  Set<Integer> partitionsOf(String clientId) throws ExecutionException, InterruptedException {
    Set<Integer> partitions = new HashSet<>();
    for (MemberDescription member : members()) {
      if (member.clientId().startsWith(clientId)) {
        for (TopicPartition partition : member.assignment().topicPartitions()) {
          if (partition.topic().equals(topic)) {
            partitions.add(partition.partition());
          }
        }
      }
    }
    return partitions;
  }

  private Collection<MemberDescription> members() throws ExecutionException, InterruptedException {
    try {
      return Objects.requireNonNull(
              admin.describeConsumerGroups(Set.of(group)).all().get().get(group))
          .members();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return List.of();
      }
      throw e;
    }
  }

  /** Returns the committed offsets by partition. */
  Map<Integer, Long> committed() throws ExecutionException, InterruptedException {
    Map<Integer, Long> offsets = new HashMap<>();
    for (Map.Entry<TopicPartition, OffsetAndMetadata> entry :
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet()) {
      if (entry.getKey().topic().equals(topic) && entry.getValue() != null) {
        offsets.put(entry.getKey().partition(), entry.getValue().offset());
      }
    }
    return offsets;
  }

  /** Returns whether all events of the first {@code partitions} partitions are committed. */
  boolean isDone(int partitions) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    Map<Integer, Long> ends = new HashMap<>();
    admin
        .listOffsets(latest)
        .all()
        .get()
        .forEach((partition, info) -> ends.put(partition.partition(), info.offset()));
    return committed().equals(ends);
  }

  @Override
  public void close() {
    admin.close();
  }
}
