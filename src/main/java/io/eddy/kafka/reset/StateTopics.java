package io.eddy.kafka.reset;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.PartitionGrowth;
import io.eddy.kafka.topics.PartitionHistory;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** Checks that the changelog topics fit the source topic. */
public final class StateTopics {
  private final EddyConfig settings;
  private final BrokerAdmin broker;
  private final TopicNames topics;

  /**
   * Creates a check.
   *
   * @param broker a connection, which the caller closes
   */
  public StateTopics(EddyConfig settings, BrokerAdmin broker) {
    this.settings = settings;
    this.broker = broker;
    topics = settings.stream().topics();
  }

  /**
   * Checks that no state is missing, that it has as many partitions as the source topic, and that
   * no change of the number of partitions is unfinished.
   *
   * @throws BrokerException otherwise
   */
  public void require() {
    Optional<PartitionGrowth> unfinished =
        PartitionHistory.read(
                new TopicReader(settings.client()), topics.activations(), settings.applicationId())
            .unfinished();
    if (unfinished.isPresent()) {
      throw failure(
          "the change from %d to %d partitions is not finished: run `eddy topics alter`"
              .formatted(unfinished.get().from(), unfinished.get().to()));
    }
    requireState();
    int source = partitions(topics.source()).orElse(0);
    for (String changelog : ForecastTopology.changelogTopics(settings.applicationId())) {
      int state = partitions(changelog).orElse(source);
      if (state != source) {
        throw failure(
            "topic %s has %d partitions, but the state has %d: run `eddy topics alter`"
                .formatted(topics.source(), source, state));
      }
    }
  }

  /** Checks that the state of the events that were processed was not deleted. */
  private void requireState() {
    ApplicationGroups groups = new ApplicationGroups(broker, settings.applicationId());
    Map<TopicPartition, String> marks = groups.marks();
    if (marks.containsValue(ApplicationGroups.REBUILDING)) {
      throw failure("the rebuild of the state is not finished: run `eddy rebuild`");
    }
    boolean hasProcessed =
        groups.committed().entrySet().stream()
            .anyMatch(
                offset ->
                    offset.getKey().topic().equals(topics.source())
                        && offset.getValue() > 0
                        && !marks.containsKey(offset.getKey()));
    if (!hasProcessed) {
      return;
    }
    for (String changelog : ForecastTopology.requiredChangelogTopics(settings.applicationId())) {
      if (partitions(changelog).isEmpty()) {
        throw failure(
            ("topic %s, which has state of the events that were processed, was deleted: run `eddy"
                    + " rebuild`, which computes the state from the events again, or `eddy reset`")
                .formatted(changelog));
      }
    }
  }

  private Optional<Integer> partitions(String topic) {
    TopicDescription found = broker.topics(List.of(topic)).get(topic);
    return Optional.ofNullable(found).map(description -> description.partitions().size());
  }

  private static BrokerException failure(String message) {
    return new BrokerException(message, new IllegalStateException());
  }
}
