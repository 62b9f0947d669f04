package io.eddy.kafka.reset;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.reset.ResetPlan.OffsetChange;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.PartitionHistory;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/**
 * Resets an application, so that it processes the events topic from another position with empty
 * state. Does what Kafka's own reset tool does, through the admin client, and also deletes the
 * local state and the keyed events.
 */
public final class ApplicationReset {
  private static final Comparator<TopicPartition> BY_NAME =
      Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

  private final BrokerAdmin broker;
  private final Map<String, Object> client;
  private final TopicReader reader;
  private final TopicNames topics;
  private final ApplicationGroups groups;
  private final LocalState local;

  /** Receives each completed step. */
  @FunctionalInterface
  public interface Progress {
    void done(String step);
  }

  /**
   * Creates a reset.
   *
   * @param broker a connection, which the caller closes
   */
  public ApplicationReset(EddyConfig settings, BrokerAdmin broker) {
    this.broker = broker;
    client = settings.client();
    reader = new TopicReader(settings.client());
    topics = settings.stream().topics();
    groups = new ApplicationGroups(broker, settings.applicationId());
    local = new LocalState(settings.deployment());
  }

  /**
   * Returns what a reset would change. Changes nothing.
   *
   * @throws ActiveApplicationException if an instance is running
   * @throws IllegalArgumentException if the offsets do not fit the events topic
   */
  public ResetPlan plan(OffsetTarget target) {
    groups.requireInactive();
    if (local.exists()) {
      local.requireUnused();
    }
    Map<TopicPartition, Long> committed = groups.committed();
    List<OffsetChange> offsets = new ArrayList<>(changes(topics.events(), target, committed));
    List<TopicPartition> truncated = new ArrayList<>();
    String keyed = topics.keyedEvents();
    if (keyed != null) {
      List<OffsetChange> keyedChanges = changes(keyed, new OffsetTarget.Latest(), committed);
      offsets.addAll(keyedChanges);
      if (target.isRewinding()) {
        keyedChanges.stream()
            .filter(change -> change.begin() < change.end())
            .map(OffsetChange::partition)
            .forEach(truncated::add);
      }
    }
    return new ResetPlan(
        offsets,
        changelogs(),
        truncated,
        groups.existing().stream().filter(groups.promotion()::equals).toList(),
        local.exists() ? local.folder().toString() : null,
        local.exists() ? local.bytes() : 0);
  }

  private List<String> changelogs() {
    return broker.topics(ForecastTopology.changelogTopics(groups.stream())).keySet().stream()
        .sorted()
        .toList();
  }

  private List<OffsetChange> changes(
      String topic, OffsetTarget target, Map<TopicPartition, Long> committed) {
    Map<TopicPartition, Long> begins = reader.beginningOffsets(topic);
    Map<TopicPartition, Long> ends = reader.endOffsets(topic);
    Map<TopicPartition, Long> targets = targets(target, begins, ends);
    return ends.keySet().stream()
        .sorted(BY_NAME)
        .map(
            partition ->
                new OffsetChange(
                    partition,
                    committed.get(partition),
                    targets.getOrDefault(partition, 0L),
                    begins.getOrDefault(partition, 0L),
                    ends.getOrDefault(partition, 0L)))
        .toList();
  }

  private Map<TopicPartition, Long> targets(
      OffsetTarget target, Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
    if (target instanceof OffsetTarget.Earliest) {
      return begins;
    }
    if (target instanceof OffsetTarget.Time time) {
      return reader.offsetsForTime(ends.keySet(), time.from().toEpochMilli());
    }
    if (target instanceof OffsetTarget.Offsets given) {
      return given(given, begins, ends);
    }
    return ends;
  }

  private static Map<TopicPartition, Long> given(
      OffsetTarget.Offsets target,
      Map<TopicPartition, Long> begins,
      Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> found = new HashMap<>();
    Set<Integer> unknown = new TreeSet<>(target.offsets().keySet());
    for (TopicPartition partition : ends.keySet()) {
      Long offset = target.offsets().get(partition.partition());
      long begin = begins.getOrDefault(partition, 0L);
      long end = ends.getOrDefault(partition, 0L);
      if (offset == null || offset < begin || offset > end) {
        throw new IllegalArgumentException(
            "%s: expected an offset of %d to %d, got %s"
                .formatted(partition, begin, end, offset == null ? "none" : offset));
      }
      found.put(partition, offset);
      unknown.remove(partition.partition());
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "partition %s does not exist".formatted(unknown.iterator().next()));
    }
    return found;
  }

  /**
   * Carries out a plan. Each step can be repeated: if one fails, a new plan has what is left.
   *
   * @throws BrokerException if a request fails
   */
  public void run(ResetPlan plan, Progress progress) {
    groups.requireInactive();
    if (plan.stateFolder() != null) {
      local.requireUnused();
      local.delete();
      progress.done("deleted local state " + plan.stateFolder());
    }
    for (String topic : plan.changelogs()) {
      TopicDeletion.delete(broker, topic);
      progress.done("deleted topic " + topic);
    }
    truncate(plan, progress);
    Map<TopicPartition, Long> offsets = new HashMap<>();
    plan.offsets().forEach(change -> offsets.put(change.partition(), change.to()));
    groups.commit(offsets, ApplicationGroups.RESET);
    progress.done("set the offsets of group " + groups.stream());
    clearHistory();
    if (!plan.groups().isEmpty()) {
      groups.deletePromotion();
      progress.done("deleted group " + groups.promotion());
    }
  }

  /** States that are computed again have not moved between partitions. */
  private void clearHistory() {
    String application = groups.stream();
    if (!broker.topics(List.of(topics.activations())).isEmpty()
        && !PartitionHistory.read(reader, topics.activations(), application).changes().isEmpty()) {
      new PartitionHistory(List.of()).write(client, topics.activations(), application);
    }
  }

  /**
   * Deletes the state of a stopped application, and marks its offsets until {@link #rebuilt}.
   *
   * @throws ActiveApplicationException if an instance is running
   */
  public void beginRebuild(Progress progress) {
    groups.requireInactive();
    if (local.exists()) {
      local.requireUnused();
    }
    Map<TopicPartition, Long> committed = groups.committed();
    if (committed.isEmpty()) {
      throw new BrokerException(
          "application %s has processed no events: there is no state to rebuild"
              .formatted(groups.stream()),
          new IllegalStateException());
    }
    groups.commit(committed, ApplicationGroups.REBUILDING);
    local.delete();
    for (String topic : changelogs()) {
      TopicDeletion.delete(broker, topic);
      progress.done("deleted topic " + topic);
    }
  }

  /** Ends a rebuild: the forecaster may start. */
  public void rebuilt() {
    groups.commit(groups.committed());
  }

  private void truncate(ResetPlan plan, Progress progress) {
    if (plan.truncated().isEmpty()) {
      return;
    }
    Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
    plan.offsets().stream()
        .filter(change -> plan.truncated().contains(change.partition()))
        .forEach(
            change -> records.put(change.partition(), RecordsToDelete.beforeOffset(change.end())));
    broker.await(broker.client().deleteRecords(records).all(), "Delete");
    progress.done("deleted the records of topic " + topics.keyedEvents());
  }
}
