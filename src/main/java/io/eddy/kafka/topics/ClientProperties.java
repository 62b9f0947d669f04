package io.eddy.kafka.topics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Selects the properties of one client from those of all clients and of Kafka Streams.
 *
 * <p>A property with the prefix {@code consumer.}, {@code producer.} or {@code admin.} overrides
 * the one without it, as in Kafka Streams. Properties of Kafka Streams and of its own clients, and
 * those of the other kinds of clients, are left out; unknown ones are kept for a user's plug-ins.
 */
public final class ClientProperties {
  /** Prefixes by which Kafka Streams tells the properties of its clients and topics apart. */
  public static final List<String> PREFIXES =
      List.of(
          StreamsConfig.MAIN_CONSUMER_PREFIX,
          StreamsConfig.RESTORE_CONSUMER_PREFIX,
          StreamsConfig.GLOBAL_CONSUMER_PREFIX,
          StreamsConfig.CONSUMER_PREFIX,
          StreamsConfig.PRODUCER_PREFIX,
          StreamsConfig.ADMIN_CLIENT_PREFIX,
          StreamsConfig.TOPIC_PREFIX);

  /** Properties of the streams group's members, which other consumers must not share. */
  private static final Set<String> OF_STREAMS_GROUP =
      Set.of(ConsumerConfig.GROUP_PROTOCOL_CONFIG, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);

  private static final Set<String> KNOWN = known();

  private ClientProperties() {}

  private static Set<String> known() {
    Set<String> known = new HashSet<>(StreamsConfig.configDef().names());
    known.addAll(ConsumerConfig.configNames());
    known.addAll(ProducerConfig.configNames());
    known.addAll(AdminClientConfig.configNames());
    return known;
  }

  /** Returns the properties of a consumer outside Kafka Streams. */
  public static Map<String, Object> consumer(Map<String, Object> all) {
    Map<String, Object> properties =
        select(all, StreamsConfig.CONSUMER_PREFIX, ConsumerConfig.configNames());
    properties.keySet().removeAll(OF_STREAMS_GROUP);
    return properties;
  }

  /** Returns the properties of a producer outside Kafka Streams. */
  public static Map<String, Object> producer(Map<String, Object> all) {
    return select(all, StreamsConfig.PRODUCER_PREFIX, ProducerConfig.configNames());
  }

  /** Returns the properties of an admin client. */
  public static Map<String, Object> admin(Map<String, Object> all) {
    return select(all, StreamsConfig.ADMIN_CLIENT_PREFIX, AdminClientConfig.configNames());
  }

  private static Map<String, Object> select(
      Map<String, Object> all, String prefix, Set<String> names) {
    Map<String, Object> selected = new HashMap<>();
    for (Map.Entry<String, Object> property : all.entrySet()) {
      String key = property.getKey();
      boolean isForeign = KNOWN.contains(key) && !names.contains(key);
      if (!isForeign && PREFIXES.stream().noneMatch(key::startsWith)) {
        selected.put(key, property.getValue());
      }
    }
    all.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            selected.put(key.substring(prefix.length()), value);
          }
        });
    return selected;
  }
}
