package io.eddy.kafka.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** Renders the definition of the settings as the sample file and as the reference page. */
final class SettingsDocument {
  private static final int WIDTH = 100;

  /** Values of the sample file that differ from the defaults. */
  private static final Map<String, String> SAMPLE_VALUES =
      Map.of(ProcessSettings.STATE_DIR, "/var/lib/eddy");

  /**
   * A client property that many deployments set.
   *
   * @param value of the sample; empty for the default
   */
  private record KafkaProperty(String name, String value, String documentation) {}

  private static final List<KafkaProperty> KAFKA_PROPERTIES =
      List.of(
          new KafkaProperty(
              "kafka.security.protocol", "SASL_SSL", "Protocol of the broker connection."),
          new KafkaProperty("kafka.sasl.mechanism", "SCRAM-SHA-512", "SASL mechanism."),
          new KafkaProperty(
              "kafka.sasl.jaas.config",
              "org.apache.kafka.common.security.scram.ScramLoginModule required"
                  + " username=\"eddy\" password=\"…\";",
              "Credentials of the SASL mechanism."),
          new KafkaProperty(
              "kafka.ssl.truststore.location",
              "/etc/eddy/truststore.p12",
              "Trust store with the certificate of the brokers' authority."),
          new KafkaProperty("kafka.ssl.truststore.password", "…", "Password of the trust store."),
          new KafkaProperty(
              "kafka.commit.interval.ms",
              "100",
              "Interval between commits, in milliseconds; forecasts become visible when their"
                  + " transaction commits. Eddy's default is 100."),
          new KafkaProperty(
              "kafka.num.standby.replicas",
              "1",
              "Number of standby copies of each state store, for a fast failover. Default: 0."),
          new KafkaProperty(
              "kafka.replication.factor",
              "3",
              "Replication factor of internal topics. Default: -1, the broker's default."),
          new KafkaProperty(
              "kafka.processing.guarantee",
              "exactly_once_v2",
              "Guarantee after a failure. `exactly_once_v2`: state, forecasts and scores commit"
                  + " together or not at all. `at_least_once`: some may be repeated or missing."
                  + " Eddy's default is exactly_once_v2."));

  private SettingsDocument() {}

  private static Map<String, List<ConfigKey>> groups() {
    Map<String, List<ConfigKey>> groups = new LinkedHashMap<>();
    EddyConfig.DEFINITION.groups().forEach(group -> groups.put(group, new ArrayList<>()));
    EddyConfig.DEFINITION
        .configKeys()
        .values()
        .forEach(key -> Objects.requireNonNull(groups.get(key.group)).add(key));
    groups.values().forEach(keys -> keys.sort(Comparator.comparingInt(key -> key.orderInGroup)));
    return groups;
  }

  /** Returns the default value as text; empty if none exists. */
  private static String defaultText(ConfigKey key) {
    if (key.name.equals(ProcessSettings.STATE_DIR)) {
      return "${user.home}/.eddy/state";
    }
    Object value = key.defaultValue;
    return value == null ? "" : ConfigDef.convertToString(value, key.type);
  }

  /** Returns the content of deploy/eddy.properties. */
  static String sampleFile() {
    StringBuilder text = new StringBuilder();
    comment(
        text,
        "Settings of Eddy, for `eddy serve --config eddy.properties` and every other command with"
            + " --config. A setting that is missing or empty has its default; an unknown one is an"
            + " error. An environment variable (EDDY_STATE_DIR for state.dir) overrides this file,"
            + " and --set state.dir=… overrides both.");
    comment(text, "Generated from the definition of the settings, like src/docs/settings.md.");
    groups()
        .forEach(
            (group, keys) -> {
              text.append("\n# ---- ").append(group).append(" ----\n");
              keys.forEach(key -> sample(text, key));
            });
    text.append("\n# ---- Kafka clients ----\n\n");
    comment(
        text,
        "Every setting under `kafka.` is passed to Kafka's clients and to Kafka Streams without the"
            + " prefix. Some that deployments often need:");
    for (KafkaProperty property : KAFKA_PROPERTIES) {
      text.append('\n');
      comment(text, property.documentation());
      text.append('#').append(property.name()).append(" = ").append(property.value()).append('\n');
    }
    return text.toString();
  }

  private static void sample(StringBuilder text, ConfigKey key) {
    text.append('\n');
    comment(text, key.documentation);
    String defaultText = defaultText(key);
    comment(
        text,
        "Default: %s. Valid: %s."
            .formatted(defaultText.isEmpty() ? "none" : defaultText, SettingValues.expected(key)));
    String value = SAMPLE_VALUES.getOrDefault(key.name, defaultText);
    text.append((key.name + " = " + value).stripTrailing()).append('\n');
  }

  private static void comment(StringBuilder text, String sentence) {
    String line = "#";
    for (String word : sentence.replace("`", "").split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        text.append(line).append('\n');
        line = "#";
      }
      line += " " + word;
    }
    text.append(line).append('\n');
  }

  /** Returns the content of src/docs/settings.md. */
  static String referencePage() {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    groups()
        .forEach(
            (group, keys) -> {
              text.append("\n## ").append(group).append("\n");
              text.append("| Setting | Type | Default | Valid values | Meaning |\n");
              text.append("| --- | --- | --- | --- | --- |\n");
              keys.forEach(key -> text.append(row(key)));
            });
    text.append(KAFKA_INTRODUCTION);
    for (KafkaProperty property : KAFKA_PROPERTIES) {
      text.append(
          "| `%s` | `%s` | %s |\n"
              .formatted(property.name(), property.value(), property.documentation()));
    }
    return text.toString();
  }

  private static String row(ConfigKey key) {
    String defaultText = defaultText(key);
    return List.of(
            "`" + key.name + "`",
            key.type.name().toLowerCase(Locale.ROOT),
            defaultText.isEmpty() ? "none" : "`" + defaultText + "`",
            SettingValues.expected(key),
            key.documentation)
        .stream()
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static final String INTRODUCTION =
      """
      # Settings
      Generated from the definition of the settings. [`deploy/eddy.properties`](../../deploy/eddy.properties) is a sample file
      with every setting.

      A setting comes from, in ascending order of precedence:

      1. its default,
      2. the properties file of `--config`, in UTF-8,
      3. an environment variable: `EDDY_` and the key in upper case, with `_` in place of `.` and `-`. `EDDY_BOOTSTRAP_SERVERS`
         sets `bootstrap.servers`, `EDDY_EVENTS_MAX_VALUE` sets `events.max-value`,
      4. `--set key=value`, which can be repeated,
      5. an option of its own, such as `--bootstrap-servers`.

      An empty value in the file or in `--set` means the default. An empty environment variable counts as not set. A relative
      path in a file is relative to the file; elsewhere, to the working directory.

      Unknown and invalid settings end the command with exit code 2 and a line for each that names the source. Unknown
      environment variables are errors too, except `EDDY_OPTS`, `EDDY_VECTORS`, `EDDY_LOG`, `EDDY_LOG_KAFKA`, `EDDY_LOG_FORMAT`
      and `EDDY_DEBUG`, which have other purposes, and the `…_SERVICE_HOST` and `…_PORT` variables of Kubernetes. Passwords and tokens are not
      printed.

      Durations are written in ISO-8601: `PT10M` is ten minutes, `P2D` two days.
      """;

  private static final String KAFKA_INTRODUCTION =
      """

      ## Kafka clients
      Every setting under `kafka.` is passed to Kafka's clients and to Kafka Streams without the prefix. In the environment
      `EDDY_KAFKA_` takes the place of the prefix and every further `_` that of a dot: `EDDY_KAFKA_SECURITY_PROTOCOL` sets
      `kafka.security.protocol`.

      | Key | Reaches |
      | --- | --- |
      | of [Kafka Streams](https://kafka.apache.org/documentation/#streamsconfigs), such as `kafka.group.protocol` | Kafka Streams |
      | of a consumer, producer or admin client | every client that has the property, also those outside Kafka Streams |
      | after `kafka.consumer.`, `kafka.producer.`, `kafka.admin.` | these clients only; overrides the key without it |
      | after `kafka.main.consumer.`, `kafka.restore.consumer.`, `kafka.global.consumer.` | that consumer of Kafka Streams |
      | after `kafka.topic.` | the topics that Kafka Streams creates |
      | after `kafka.custom.` | every client, without a check: properties of your own interceptors, login callbacks, metric reporters |

      Keys and values are checked by Kafka's own definitions; an unknown key is an error. Keys that an Eddy setting
      determines, such as `kafka.state.dir`, are refused, and so are those that Eddy's correctness depends on, such as
      `kafka.isolation.level`. `kafka.group.instance.id` makes the stream threads static members, each with its number after
      the id, and the promotion controller another one, with `-promotion` after it. `kafka.config.providers` declares
      [config providers](security.md#secrets). The sample values below are those of a cluster with TLS and SASL.

      | Setting | Sample | Meaning |
      | --- | --- | --- |
      """;
}
