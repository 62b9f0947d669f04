package io.eddy.kafka.config;

import io.eddy.kafka.config.SettingSources.RawSetting;
import io.eddy.kafka.topics.ClientProperties;
import io.eddy.series.Suggestions;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Settings that are passed to Kafka's clients and to Kafka Streams without their prefix.
 *
 * <p>Keys and values are validated by Kafka's own definitions. Keys under {@code kafka.custom.} are
 * those of a user's plug-ins and are not validated.
 */
final class KafkaSettings {
  static final String PREFIX = "kafka.";
  static final String CUSTOM = PREFIX + "custom.";

  private static final List<String> GUARANTEES =
      List.of(StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE);

  /** Properties that a setting without the prefix determines. */
  private static final Map<String, String> OWN_SETTINGS =
      Map.of(
          StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, ProcessSettings.BOOTSTRAP_SERVERS,
          StreamsConfig.APPLICATION_ID_CONFIG, ProcessSettings.APPLICATION_ID,
          ConsumerConfig.GROUP_ID_CONFIG, ProcessSettings.APPLICATION_ID,
          StreamsConfig.STATE_DIR_CONFIG, ProcessSettings.STATE_DIR,
          StreamsConfig.APPLICATION_SERVER_CONFIG, HttpServerSettings.ADVERTISED,
          StreamsConfig.NUM_STREAM_THREADS_CONFIG, ProcessSettings.THREADS);

  /** Properties on which the correctness of the stream depends. */
  private static final Set<String> FIXED =
      Set.of(
          StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG);

  private static final ConfigDef STREAMS = StreamsConfig.configDef();
  private static final ConfigDef CONSUMER = ConsumerConfig.configDef();
  private static final ConfigDef PRODUCER = ProducerConfig.configDef();
  private static final ConfigDef ADMIN = AdminClientConfig.configDef();
  private static final ConfigDef TOPIC = topicSettings();

  private static final Map<String, ConfigDef> BY_PREFIX =
      Map.of(
          StreamsConfig.MAIN_CONSUMER_PREFIX, CONSUMER,
          StreamsConfig.RESTORE_CONSUMER_PREFIX, CONSUMER,
          StreamsConfig.GLOBAL_CONSUMER_PREFIX, CONSUMER,
          StreamsConfig.CONSUMER_PREFIX, CONSUMER,
          StreamsConfig.PRODUCER_PREFIX, PRODUCER,
          StreamsConfig.ADMIN_CLIENT_PREFIX, ADMIN,
          StreamsConfig.TOPIC_PREFIX, TOPIC);

  private static final Set<ConfigDef.Type> TEXT =
      Set.of(ConfigDef.Type.STRING, ConfigDef.Type.PASSWORD, ConfigDef.Type.LIST);

  private static final Pattern INVALID =
      Pattern.compile("(?s)Invalid value .* for configuration [^:]*: ?(.*)");

  private KafkaSettings() {}

  /** Returns a definition of the settings of topics, which brokers validate. */
  private static ConfigDef topicSettings() {
    ConfigDef definition = new ConfigDef();
    for (Field field : TopicConfig.class.getFields()) {
      if (field.getName().endsWith("_CONFIG")) {
        try {
          definition.define(
              String.valueOf(field.get(null)),
              ConfigDef.Type.STRING,
              null,
              ConfigDef.Importance.LOW,
              "");
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return definition;
  }

  /** Returns the keys of Kafka's clients and of Kafka Streams, with the prefix. */
  static Set<String> knownKeys() {
    Set<String> keys = new TreeSet<>();
    Stream.of(STREAMS, CONSUMER, PRODUCER, ADMIN)
        .flatMap(definition -> definition.names().stream())
        .filter(name -> !OWN_SETTINGS.containsKey(name) && !FIXED.contains(name))
        .forEach(name -> keys.add(PREFIX + name));
    return keys;
  }

  /** Returns the keys with a prefix of Kafka Streams, such as {@code kafka.producer.}. */
  private static Set<String> knownKeys(String prefix) {
    Set<String> keys = new TreeSet<>();
    definition(prefix).names().forEach(name -> keys.add(PREFIX + prefix + name));
    return keys;
  }

  private static ConfigDef definition(String prefix) {
    return Optional.ofNullable(BY_PREFIX.get(prefix)).orElseGet(ConfigDef::new);
  }

  /**
   * Returns the properties without the prefix; passwords as {@link Password}.
   *
   * @param problems extended by the problems found
   */
  static Map<String, Object> properties(Map<String, RawSetting> raw, List<String> problems) {
    Map<String, Object> properties = new HashMap<>();
    raw.forEach(
        (key, setting) -> {
          if (key.startsWith(CUSTOM)) {
            addCustom(key, setting, properties, problems);
          } else if (key.startsWith(PREFIX)) {
            add(key, setting, properties, problems);
          }
        });
    return properties;
  }

  private static void addCustom(
      String key, RawSetting setting, Map<String, Object> properties, List<String> problems) {
    String name = key.substring(CUSTOM.length());
    if (knownKeys().contains(PREFIX + name) || OWN_SETTINGS.containsKey(name)) {
      problems.add(
          "%s: %s: \"%s\" is a property of Kafka; use \"%s\""
              .formatted(
                  setting.source(), key, name, OWN_SETTINGS.getOrDefault(name, PREFIX + name)));
    }
    properties.put(name, setting.value());
  }

  private static void add(
      String key, RawSetting setting, Map<String, Object> properties, List<String> problems) {
    String name = key.substring(PREFIX.length());
    String prefix =
        ClientProperties.PREFIXES.stream().filter(name::startsWith).findFirst().orElse("");
    String base = name.substring(prefix.length());
    String own = OWN_SETTINGS.get(base);
    if (own != null) {
      problems.add(
          "%s: unknown setting \"%s\"; did you mean \"%s\"?".formatted(setting.source(), key, own));
      return;
    }
    if (FIXED.contains(base)) {
      problems.add(
          "%s: %s cannot be set: Eddy depends on its value".formatted(setting.source(), key));
      return;
    }
    List<ConfigKey> definitions = definitions(prefix, base);
    if (definitions.isEmpty()) {
      Set<String> known = prefix.isEmpty() ? knownKeys() : knownKeys(prefix);
      String question = Suggestions.question(key, known, "\"");
      problems.add(
          "%s: unknown setting \"%s\"%s"
              .formatted(
                  setting.source(),
                  key,
                  question.isEmpty()
                      ? "; a property of a plug-in is passed on as \"%s%s\"".formatted(CUSTOM, name)
                      : question));
      return;
    }
    if (setting.value().isBlank() && !TEXT.contains(definitions.get(0).type)) {
      // As for Eddy's own settings, an empty value restores the default.
      return;
    }
    validate(key, base, setting, definitions).ifPresent(problems::add);
    boolean isPassword =
        definitions.stream().anyMatch(definition -> definition.type == ConfigDef.Type.PASSWORD);
    properties.put(name, isPassword ? new Password(setting.value()) : setting.value());
  }

  /** Returns the definitions of a key: that of Kafka Streams, or those of its clients. */
  private static List<ConfigKey> definitions(String prefix, String base) {
    List<ConfigDef> candidates =
        !prefix.isEmpty()
            ? List.of(definition(prefix))
            : STREAMS.names().contains(base)
                ? List.of(STREAMS)
                : List.of(CONSUMER, PRODUCER, ADMIN);
    List<ConfigKey> found = new ArrayList<>();
    for (ConfigDef candidate : candidates) {
      ConfigKey key = candidate.configKeys().get(base);
      if (key != null) {
        found.add(key);
      }
    }
    return found;
  }

  private static Optional<String> validate(
      String key, String base, RawSetting setting, List<ConfigKey> definitions) {
    if (base.equals(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)
        && !GUARANTEES.contains(setting.value())) {
      return Optional.of(
          "%s: %s: expected %s, got \"%s\""
              .formatted(setting.source(), key, String.join(" or ", GUARANTEES), setting.value()));
    }
    for (ConfigKey definition : definitions) {
      if (definition.type == ConfigDef.Type.CLASS) {
        // Only the process that uses the class needs it on its class path.
        continue;
      }
      try {
        Object parsed = ConfigDef.parseType(base, setting.value(), definition.type);
        if (definition.validator != null) {
          definition.validator.ensureValid(base, parsed);
        }
      } catch (ConfigException e) {
        return Optional.of(
            "%s: %s: %s".formatted(setting.source(), key, reason(e, setting, definition)));
      }
    }
    return Optional.empty();
  }

  private static String reason(ConfigException error, RawSetting setting, ConfigKey definition) {
    if (setting.isSecret() || definition.type == ConfigDef.Type.PASSWORD) {
      return "the value is invalid";
    }
    String message = String.valueOf(error.getMessage());
    Matcher invalid = INVALID.matcher(message);
    return "%s, got \"%s\""
        .formatted(invalid.matches() ? invalid.group(1) : message, setting.value());
  }
}
