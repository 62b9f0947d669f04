package io.eddy.kafka.config;

import io.eddy.kafka.config.SettingSources.RawSetting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Settings that are passed to Kafka's clients and to Kafka Streams without their prefix. */
final class KafkaSettings {
  static final String PREFIX = "kafka.";

  private static final List<String> GUARANTEES =
      List.of(StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE);

  /** Properties that a setting without the prefix determines. */
  private static final Map<String, String> OWN_SETTINGS =
      Map.of(
          StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, ProcessSettings.BOOTSTRAP_SERVERS,
          StreamsConfig.APPLICATION_ID_CONFIG, ProcessSettings.APPLICATION_ID,
          StreamsConfig.STATE_DIR_CONFIG, ProcessSettings.STATE_DIR,
          StreamsConfig.APPLICATION_SERVER_CONFIG, HttpServerSettings.ADVERTISED,
          StreamsConfig.NUM_STREAM_THREADS_CONFIG, ProcessSettings.THREADS);

  private KafkaSettings() {}

  /** Returns the keys of Kafka's clients and of Kafka Streams, with the prefix. */
  static Set<String> knownKeys() {
    Set<String> names = new TreeSet<>(StreamsConfig.configDef().names());
    names.addAll(ConsumerConfig.configNames());
    names.addAll(ProducerConfig.configNames());
    names.addAll(AdminClientConfig.configNames());
    names.removeAll(OWN_SETTINGS.keySet());
    Set<String> keys = new TreeSet<>();
    names.forEach(name -> keys.add(PREFIX + name));
    return keys;
  }

  /**
   * Returns the properties without the prefix.
   *
   * @param problems extended by the problems found
   */
  static Map<String, Object> properties(Map<String, RawSetting> raw, List<String> problems) {
    Map<String, Object> properties = new HashMap<>();
    raw.forEach(
        (key, setting) -> {
          if (!key.startsWith(PREFIX)) {
            return;
          }
          String name = key.substring(PREFIX.length());
          String own = OWN_SETTINGS.get(name);
          if (own != null) {
            problems.add(
                "%s: unknown setting \"%s\"; did you mean \"%s\"?"
                    .formatted(setting.source(), key, own));
          } else if (name.equals(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)
              && !GUARANTEES.contains(setting.value())) {
            problems.add(
                "%s: %s: expected %s, got \"%s\""
                    .formatted(
                        setting.source(), key, String.join(" or ", GUARANTEES), setting.value()));
          }
          properties.put(name, setting.value());
        });
    return properties;
  }
}
