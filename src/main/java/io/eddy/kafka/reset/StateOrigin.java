package io.eddy.kafka.reset;

import io.eddy.kafka.topics.BrokerException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The cluster and the topics that the state on this machine was computed from, kept in a file
 * beside it. Offsets and states of another cluster, or of a topic that was deleted and created
 * again, would be continued without an error.
 */
public final class StateOrigin {
  private static final String FILE = "origin.properties";
  private static final String CLUSTER = "cluster.id";
  private static final String TOPIC = "topic.";

  private final LocalState state;

  public StateOrigin(LocalState state) {
    this.state = state;
  }

  /**
   * Compares the recorded origin with the present one, and records it if there is none.
   *
   * @param clusterId of the present cluster
   * @param topicIds ids of the present topics, by name
   * @throws BrokerException if the state has another origin
   */
  public void require(String clusterId, Map<String, String> topicIds) {
    Map<String, String> recorded = read();
    String cluster = recorded.get(CLUSTER);
    if (cluster != null && !cluster.equals(clusterId)) {
      throw failure(
          ("the state in %s is of another cluster (%s, the present one is %s): set state.dir to"
                  + " another directory, or delete the state with `eddy reset --local`")
              .formatted(state.folder(), cluster, clusterId));
    }
    topicIds.forEach((topic, id) -> require(topic, id, recorded.getOrDefault(TOPIC + topic, id)));
    Map<String, String> present = new TreeMap<>(recorded);
    present.put(CLUSTER, clusterId);
    topicIds.forEach((topic, id) -> present.put(TOPIC + topic, id));
    if (!present.equals(recorded)) {
      write(present);
    }
  }

  private void require(String topic, String id, String recorded) {
    if (!recorded.equals(id)) {
      throw failure(
          ("topic %s was deleted and created again since the state in %s was computed: start over"
                  + " with `eddy reset`")
              .formatted(topic, state.folder()));
    }
  }

  private static BrokerException failure(String message) {
    return new BrokerException(message, new IllegalStateException());
  }

  private Path file() {
    return state.folder().resolve(FILE);
  }

  private Map<String, String> read() {
    Properties properties = new Properties();
    if (Files.exists(file())) {
      try (Reader reader = Files.newBufferedReader(file())) {
        properties.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file() + ": " + e.getMessage(), e);
      }
    }
    Map<String, String> values = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    return values;
  }

  private void write(Map<String, String> values) {
    Properties properties = new Properties();
    properties.putAll(values);
    try {
      Files.createDirectories(state.folder());
      try (Writer writer = Files.newBufferedWriter(file())) {
        properties.store(writer, "the origin of the state in this directory");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file() + ": " + e.getMessage(), e);
    }
  }
}
