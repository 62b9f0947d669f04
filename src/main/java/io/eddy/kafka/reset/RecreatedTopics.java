package io.eddy.kafka.reset;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.BrokerException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.AuthorizationException;

/** Finds topics that were deleted and created again: their offsets are those of other records. */
public final class RecreatedTopics {
  private final EddyConfig settings;
  private final BrokerAdmin broker;
  private final Map<String, String> atBegin;

  /**
   * Asks for the ids of the present topics.
   *
   * @param broker a connection, which the caller closes
   * @throws BrokerException if no broker answers
   */
  public RecreatedTopics(EddyConfig settings, BrokerAdmin broker) {
    this.settings = settings;
    this.broker = broker;
    atBegin = present();
  }

  /**
   * Returns the topics that were created again since a forecaster first ran on this machine; empty
   * if none has.
   *
   * @throws BrokerException if the file with the ids is damaged
   */
  public List<String> sinceState() {
    return different(origin().topics(), atBegin);
  }

  /**
   * Checks that no topic was deleted or created again since the construction.
   *
   * @throws BrokerException otherwise
   */
  public void requireUnchanged() {
    Map<String, String> now = present();
    List<String> deleted =
        atBegin.keySet().stream().filter(name -> !now.containsKey(name)).toList();
    if (!deleted.isEmpty()) {
      throw failure("topic %s was deleted meanwhile".formatted(String.join(", ", deleted)));
    }
    List<String> recreated = different(atBegin, now);
    if (!recreated.isEmpty()) {
      throw failure(
          "topic %s was deleted and created again meanwhile"
              .formatted(String.join(", ", recreated)));
    }
  }

  private static BrokerException failure(String message) {
    return new BrokerException(message, new IllegalStateException());
  }

  private StateOrigin origin() {
    return new StateOrigin(new LocalState(settings.deployment()));
  }

  private static List<String> different(Map<String, String> before, Map<String, String> now) {
    return new TreeMap<>(before)
        .entrySet().stream()
            .filter(
                topic ->
                    !topic.getValue().equals(now.getOrDefault(topic.getKey(), topic.getValue())))
            .map(Map.Entry::getKey)
            .toList();
  }

  /** Returns the ids of the topics that exist and that this principal may describe. */
  private Map<String, String> present() {
    Map<String, String> ids = new HashMap<>();
    for (String name : settings.stream().topics().all()) {
      try {
        broker
            .topics(List.of(name))
            .values()
            .forEach(topic -> ids.put(name, topic.topicId().toString()));
      } catch (BrokerException e) {
        if (!(e.getCause() instanceof AuthorizationException)) {
          throw e;
        }
      }
    }
    return ids;
  }
}
