package io.eddy.bench.campaign;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Describes what the brokers know of the group, the partitions and the transactions, to explain why
 * events are not processed. A query that fails is a line of the description.
 */
final class ClusterState {
  private static final long TIMEOUT_SECONDS = 20;
  private static final Set<TransactionState> ENDED =
      Set.of(
          TransactionState.EMPTY,
          TransactionState.COMPLETE_COMMIT,
          TransactionState.COMPLETE_ABORT);

  private final Admin admin;
  private final String group;
  private final String topic;
  private final List<String> lines = new ArrayList<>();

  /** A part of the description. */
  private interface Query {
    void run() throws ExecutionException, InterruptedException, TimeoutException;
  }

  /**
   * Creates a description.
   *
   * @param topic that the group reads
   */
  ClusterState(Admin admin, String group, String topic) {
    this.admin = admin;
    this.group = group;
    this.topic = topic;
  }

  /** Asks the brokers. */
  List<String> describe() throws InterruptedException {
    query("brokers", this::addBrokers);
    query("group", this::addMembers);
    query("offsets", this::addOffsets);
    query("partitions", this::addPartitions);
    query("transactions", this::addTransactions);
    return List.copyOf(lines);
  }

  private void query(String name, Query query) throws InterruptedException {
    try {
      query.run();
    } catch (ExecutionException | TimeoutException e) {
      lines.add("%s: not known: %s".formatted(name, e));
    }
  }

  private static <T> T get(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private void addBrokers() throws ExecutionException, InterruptedException, TimeoutException {
    lines.add(
        "brokers in the cluster: %s; active controller: %d"
            .formatted(
                get(admin.describeCluster().nodes()).stream().map(Node::id).sorted().toList(),
                get(admin.describeMetadataQuorum().quorumInfo()).leaderId()));
  }

  private void addMembers() throws ExecutionException, InterruptedException, TimeoutException {
    var description = get(admin.describeConsumerGroups(List.of(group)).all()).get(group);
    if (description == null) {
      return;
    }
    lines.add("group %s: %s".formatted(group, description.groupState()));
    description
        .members()
        .forEach(
            member ->
                lines.add(
                    "  %s: %s"
                        .formatted(member.clientId(), member.assignment().topicPartitions())));
  }

  private void addOffsets() throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    Set<TopicPartition> partitions =
        partitions(get(admin.describeTopics(List.of(topic)).allTopicNames()).values());
    new TreeMap<>(byPartition(ends(partitions, IsolationLevel.READ_UNCOMMITTED)))
        .forEach(
            (partition, end) -> {
              OffsetAndMetadata offset = committed.get(new TopicPartition(topic, partition));
              long next = offset == null ? 0 : offset.offset();
              lines.add(
                  "%s-%d: end %d, committed %d, lag %d"
                      .formatted(topic, partition, end, next, end - next));
            });
  }

  private static Map<Integer, Long> byPartition(Map<TopicPartition, Long> offsets) {
    Map<Integer, Long> found = new HashMap<>();
    offsets.forEach((partition, offset) -> found.put(partition.partition(), offset));
    return found;
  }

  private static Set<TopicPartition> partitions(Collection<TopicDescription> topics) {
    Set<TopicPartition> partitions = new HashSet<>();
    for (TopicDescription description : topics) {
      description
          .partitions()
          .forEach(
              info -> partitions.add(new TopicPartition(description.name(), info.partition())));
    }
    return partitions;
  }

  private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions, IsolationLevel level)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
        get(admin.listOffsets(latest, new ListOffsetsOptions(level)).all()).entrySet()) {
      ends.put(end.getKey(), end.getValue().offset());
    }
    return ends;
  }

  /** Adds the partitions with too few replicas or none, and those with an open transaction. */
  private void addPartitions() throws ExecutionException, InterruptedException, TimeoutException {
    Set<String> names = get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
    Collection<TopicDescription> topics = get(admin.describeTopics(names).allTopicNames()).values();
    for (TopicDescription description : topics) {
      for (TopicPartitionInfo info : description.partitions()) {
        if (info.leader() == null || info.isr().size() < info.replicas().size()) {
          lines.add("%s-%d: %s".formatted(description.name(), info.partition(), info));
        }
      }
    }
    Set<TopicPartition> partitions = partitions(topics);
    Map<TopicPartition, Long> ends = ends(partitions, IsolationLevel.READ_UNCOMMITTED);
    Map<TopicPartition, Long> stable = ends(partitions, IsolationLevel.READ_COMMITTED);
    for (TopicPartition partition : partitions) {
      long end = ends.getOrDefault(partition, 0L);
      long last = stable.getOrDefault(partition, end);
      if (last < end) {
        lines.add("%s: end %d, last stable offset %d".formatted(partition, end, last));
        addOpenTransactions(partition);
      }
    }
  }

  private void addOpenTransactions(TopicPartition partition)
      throws ExecutionException, InterruptedException, TimeoutException {
    get(admin.describeProducers(List.of(partition)).all())
        .values()
        .forEach(
            state ->
                state.activeProducers().stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .forEach(producer -> lines.add("  open transaction: " + producer)));
  }

  private void addTransactions() throws ExecutionException, InterruptedException, TimeoutException {
    get(admin.listTransactions().all()).stream()
        .filter(transaction -> !ENDED.contains(transaction.state()))
        .forEach(transaction -> lines.add("transaction: " + transaction));
  }
}
