package io.eddy.kafka.reset;

import io.eddy.kafka.promotion.PromotionController;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.BrokerException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** The consumer groups of an application: that of the stream, and that of the promotion. */
final class ApplicationGroups {
  private static final String DESCRIBE = "Describe";

  /** Marks offsets at which the state is empty on purpose. */
  static final String RESET = "eddy reset";

  /** Marks offsets at which the state is being rebuilt. */
  static final String REBUILDING = "eddy rebuild";

  private static final Set<String> MARKS = Set.of(RESET, REBUILDING);

  private final BrokerAdmin broker;
  private final String stream;
  private final String promotion;
  private final Map<String, GroupType> types = new HashMap<>();

  ApplicationGroups(BrokerAdmin broker, String applicationId) {
    this.broker = broker;
    stream = applicationId;
    promotion = PromotionController.group(applicationId);
    refresh();
  }

  private void refresh() {
    types.clear();
    broker
        .await(broker.client().listGroups(new ListGroupsOptions()).all(), DESCRIBE)
        .forEach(group -> types.put(group.groupId(), group.type().orElse(GroupType.CLASSIC)));
  }

  /** Returns the groups that exist. */
  List<String> existing() {
    return List.of(stream, promotion).stream().filter(types::containsKey).toList();
  }

  /**
   * Checks that no instance is running.
   *
   * @throws ActiveApplicationException if a group has members
   */
  void requireInactive() {
    refresh();
    List<String> members = new ArrayList<>();
    for (String group : existing()) {
      members(group).forEach(member -> members.add("%s in group %s".formatted(member, group)));
    }
    if (!members.isEmpty()) {
      throw new ActiveApplicationException(stream, members);
    }
  }

  private List<String> members(String group) {
    try {
      return type(group) == GroupType.STREAMS
          ? broker
              .await(broker.client().describeStreamsGroups(List.of(group)).all(), DESCRIBE)
              .values()
              .stream()
              .flatMap(found -> found.members().stream())
              .map(ApplicationGroups::describe)
              .toList()
          : broker
              .await(broker.client().describeConsumerGroups(List.of(group)).all(), DESCRIBE)
              .values()
              .stream()
              .flatMap(found -> found.members().stream())
              .map(ApplicationGroups::describe)
              .toList();
    } catch (BrokerException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return List.of();
      }
      throw e;
    }
  }

  private static String describe(MemberDescription member) {
    return describe(member.clientId(), member.host());
  }

  private static String describe(StreamsGroupMemberDescription member) {
    return describe(member.clientId(), member.clientHost());
  }

  /** Brokers report a host as {@code /127.0.0.1}. */
  private static String describe(String clientId, String host) {
    return clientId + " at " + (host.startsWith("/") ? host.substring(1) : host);
  }

  private GroupType type(String group) {
    return types.getOrDefault(group, GroupType.CLASSIC);
  }

  /** Returns the committed offsets of the stream's group. */
  Map<TopicPartition, Long> committed() {
    if (!types.containsKey(stream)) {
      return Map.of();
    }
    Map<TopicPartition, OffsetAndMetadata> offsets =
        broker.await(
            broker.client().listConsumerGroupOffsets(stream).partitionsToOffsetAndMetadata(stream),
            DESCRIBE);
    return offsets.entrySet().stream()
        // The value of a partition without a committed offset is null.
        .filter(entry -> entry.getValue() != null)
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  /** Returns the committed offsets that the stream did not commit itself, with their marks. */
  Map<TopicPartition, String> marks() {
    if (!types.containsKey(stream)) {
      return Map.of();
    }
    Map<TopicPartition, String> marks = new HashMap<>();
    broker
        .await(
            broker.client().listConsumerGroupOffsets(stream).partitionsToOffsetAndMetadata(stream),
            DESCRIBE)
        .forEach(
            (partition, committed) -> {
              if (committed != null && MARKS.contains(committed.metadata())) {
                marks.put(partition, committed.metadata());
              }
            });
    return marks;
  }

  /** Sets committed offsets of the stream's group, which must have no members. */
  void commit(Map<TopicPartition, Long> offsets) {
    commit(offsets, "");
  }

  /**
   * Sets committed offsets of the stream's group, which must have no members.
   *
   * @param mark of the offsets, until the stream commits
   */
  void commit(Map<TopicPartition, Long> offsets, String mark) {
    Map<TopicPartition, OffsetAndMetadata> values = new HashMap<>();
    offsets.forEach(
        (partition, offset) -> values.put(partition, new OffsetAndMetadata(offset, mark)));
    broker.await(
        type(stream) == GroupType.STREAMS
            ? broker.client().alterStreamsGroupOffsets(stream, values).all()
            : broker.client().alterConsumerGroupOffsets(stream, values).all(),
        "Read");
  }

  /** Deletes the group of the promotion, which must have no members. */
  void deletePromotion() {
    if (!types.containsKey(promotion)) {
      return;
    }
    try {
      broker.await(broker.client().deleteConsumerGroups(List.of(promotion)).all(), "Delete");
    } catch (BrokerException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
  }

  String stream() {
    return stream;
  }

  String promotion() {
    return promotion;
  }
}
