package io.eddy.kafka.reset;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.TopicNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Deletes an application's topics. */
public final class OutputTopics {
  private final BrokerAdmin broker;
  private final TopicNames topics;
  private final ApplicationGroups groups;

  /**
   * Creates it.
   *
   * @param broker a connection, which the caller closes
   */
  public OutputTopics(EddyConfig settings, BrokerAdmin broker) {
    this.broker = broker;
    topics = settings.stream().topics();
    groups = new ApplicationGroups(broker, settings.applicationId());
  }

  /**
   * A topic to delete.
   *
   * @param records number of records, those of deleted and aborted ones included
   */
  public record Deletion(String topic, int partitions, long records) {}

  /**
   * Returns the existing topics among some names, or all of Eddy's own.
   *
   * @param names empty for all topics of the settings except the events topic
   * @throws ActiveApplicationException if an instance is running
   * @throws IllegalArgumentException if a name is not a topic of the settings
   */
  public List<Deletion> deletions(List<String> names, RecordCounter counter) {
    groups.requireInactive();
    List<String> own = topics.all();
    for (String name : names) {
      if (!own.contains(name)) {
        throw new IllegalArgumentException(
            "%s is not a topic of these settings; expected some of %s"
                .formatted(name, String.join(", ", own)));
      }
    }
    List<String> wanted =
        names.isEmpty()
            ? own.stream().filter(topic -> !topic.equals(topics.events())).toList()
            : names;
    Map<String, Integer> partitions = partitions(wanted);
    return wanted.stream()
        .filter(partitions::containsKey)
        .distinct()
        .map(
            topic ->
                new Deletion(
                    topic, Objects.requireNonNull(partitions.get(topic)), counter.records(topic)))
        .toList();
  }

  /** Counts the records of a topic. */
  @FunctionalInterface
  public interface RecordCounter {
    long records(String topic);
  }

  /** Deletes a topic and waits until it is gone. */
  public void delete(String topic) {
    TopicDeletion.delete(broker, topic);
  }

  /** Returns the numbers of partitions of the existing topics among some names. */
  private Map<String, Integer> partitions(List<String> names) {
    Map<String, Integer> found = new HashMap<>();
    broker
        .topics(names)
        .forEach((topic, description) -> found.put(topic, description.partitions().size()));
    return found;
  }
}
