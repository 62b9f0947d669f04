package io.eddy.kafka.config;

import io.eddy.kafka.config.SettingSources.RawSetting;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.series.Suggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The validated configuration. {@link SettingSources} reads it.
 *
 * @param stream settings of the topology
 * @param deployment settings of the process
 * @param http settings of the HTTP server
 */
public record EddyConfig(StreamSettings stream, Deployment deployment, HttpSettings http) {
  /** Every setting, except those that are passed to Kafka under {@code kafka.}. */
  static final ConfigDef DEFINITION = definition();

  private static ConfigDef definition() {
    ConfigDef definition = new ConfigDef();
    ProcessSettings.define(definition);
    StorageSettings.define(definition);
    EventSettings.define(definition);
    AdmissionSettings.define(definition);
    SchemaSettings.defineFormat(definition, "Forecasts");
    AdmissionSettings.defineEmit(definition, "Forecasts");
    AnomalyPolicySettings.define(definition);
    SchemaSettings.defineRegistry(definition);
    AlertSettings.define(definition);
    ModelSettings.define(definition);
    TopicSettings.define(definition);
    HttpServerSettings.define(definition);
    return definition;
  }

  /**
   * Parses and validates settings.
   *
   * @param problems found already; extended by the problems found here
   */
  static EddyConfig of(Map<String, RawSetting> raw, List<String> problems) {
    addUnknown(raw, problems);
    Map<String, Object> client = KafkaSettings.properties(raw, problems);
    SettingValues values = new SettingValues(raw, problems);
    client.put(
        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
        String.join(",", values.list(ProcessSettings.BOOTSTRAP_SERVERS)));
    String advertised = HttpServerSettings.advertised(values);
    if (advertised != null) {
      client.put(StreamsConfig.APPLICATION_SERVER_CONFIG, advertised);
    }
    SchemaRegistrySettings registry = SchemaSettings.registry(values);
    EventMapping events = EventSettings.mapping(values, registry);
    EddyConfig config =
        new EddyConfig(
            new StreamSettings(
                ModelSettings.model(values),
                events,
                TopicSettings.names(values, events, AnomalyPolicySettings.policy(values)),
                AdmissionSettings.policies(values, events, ModelSettings.policies(values)),
                SchemaSettings.output(values, registry)),
            ProcessSettings.deployment(values, client, ModelSettings.rollback(values)),
            HttpServerSettings.settings(values));
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    return config;
  }

  private static void addUnknown(Map<String, RawSetting> raw, List<String> problems) {
    raw.forEach(
        (key, setting) -> {
          if (!DEFINITION.names().contains(key) && !key.startsWith(KafkaSettings.PREFIX)) {
            problems.add(
                "%s: unknown setting \"%s\"%s"
                    .formatted(
                        setting.source(), key, Suggestions.question(key, similar(key), "\"")));
          }
        });
  }

  private static Collection<String> similar(String key) {
    String kafkaKey = KafkaSettings.PREFIX + key;
    if (KafkaSettings.knownKeys().contains(kafkaKey)) {
      return List.of(kafkaKey);
    }
    return new ArrayList<>(DEFINITION.names());
  }

  /** Returns the properties of Kafka's clients, including {@code bootstrap.servers}. */
  public Map<String, Object> client() {
    return deployment.client();
  }

  public String applicationId() {
    return deployment.applicationId();
  }

  public String bootstrapServers() {
    return String.valueOf(client().get(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG));
  }

  /** Returns whether state, forecasts and scores are committed atomically. */
  public boolean isExactlyOnce() {
    return !StreamsConfig.AT_LEAST_ONCE.equals(
        client().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
  }
}
