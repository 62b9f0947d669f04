package io.eddy.kafka.reset;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.TopicNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewPartitions;

/** Deletes an application's topics, or makes the forecasts follow the events' partitions. */
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

  /** A change of the number of partitions. */
  public record Growth(String topic, int from, int to) {}

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

  /**
   * Returns the change that gives the forecasts topic as many partitions as the events topic; empty
   * if it has as many.
   *
   * @throws ActiveApplicationException if an instance is running
   * @throws BrokerException if there is state whose partitions would have to change, too
   */
  public Optional<Growth> growth() {
    groups.requireInactive();
    Map<String, Integer> partitions = partitions(List.of(topics.source(), topics.forecasts()));
    int expected = required(partitions, topics.source());
    int actual = required(partitions, topics.forecasts());
    if (actual > expected) {
      throw new BrokerException(
          "topic %s has %d partitions, %s has %d: partitions cannot be removed; delete it with"
                  .formatted(topics.forecasts(), actual, topics.source(), expected)
              + " `eddy topics delete` and run `eddy topics create`",
          new IllegalStateException());
    }
    requireNoOtherState(expected);
    return actual == expected
        ? Optional.empty()
        : Optional.of(new Growth(topics.forecasts(), actual, expected));
  }

  private static int required(Map<String, Integer> partitions, String topic) {
    Integer found = partitions.get(topic);
    if (found == null) {
      throw new BrokerException(
          "topic " + topic + " is missing: run `eddy topics create`", new IllegalStateException());
    }
    return found;
  }

  private void requireNoOtherState(int expected) {
    partitions(ForecastTopology.changelogTopics(groups.stream()))
        .forEach(
            (changelog, actual) -> {
              if (actual != expected) {
                throw new BrokerException(
                    ("the state of application %s is in %d partitions (topic %s), but topic %s has"
                            + " %d: with another number of partitions, series move to other"
                            + " partitions, and their state would not follow. Run `eddy reset --yes`,"
                            + " which deletes the state and processes the events again, then `eddy topics"
                            + " alter`")
                        .formatted(groups.stream(), actual, changelog, topics.source(), expected),
                    new IllegalStateException());
              }
            });
  }

  /** Adds the partitions. */
  public void grow(Growth growth) {
    Map<String, NewPartitions> partitions = new HashMap<>();
    partitions.put(growth.topic(), NewPartitions.increaseTo(growth.to()));
    broker.await(broker.client().createPartitions(partitions).all(), "Alter");
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
