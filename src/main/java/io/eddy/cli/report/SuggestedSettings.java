package io.eddy.cli.report;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.InfluxPaths;
import io.eddy.kafka.event.KeyEncoding;
import java.util.ArrayList;
import java.util.List;

/** Writes settings that read events with a mapping, as a properties file. Omits secrets. */
public final class SuggestedSettings {
  private SuggestedSettings() {}

  /** Returns the content of the properties file. */
  public static String of(EddyConfig settings, String topic, EventMapping mapping) {
    List<String> lines = new ArrayList<>();
    lines.add("bootstrap.servers = " + settings.bootstrapServers());
    lines.add("application.id = " + settings.applicationId());
    lines.add("topic.events = " + topic);
    lines.add("events.format = " + mapping.format().id());
    if (!mapping.key().encoding().equals(KeyEncoding.STRING)) {
      lines.add("events.key-format = " + mapping.key().encoding().id());
    }
    if (mapping.isRekeyed()) {
      lines.add("events.key = " + mapping.key().setting());
      lines.add("events.key-separator = " + mapping.key().separator());
      lines.add("topic.keyed-events = " + topic + "-keyed");
    }
    if (mapping.time().zone() != null) {
      lines.add("events.zone = " + mapping.time().zone().getId());
    }
    if (!mapping.time().isDefault()) {
      String field = mapping.time().field();
      lines.add("events.timestamp = " + (field == null ? "record" : field));
      lines.add("events.timestamp-format = " + mapping.time().format().id());
    }
    if (!mapping.format().isNumber()) {
      lines.add(
          "events.value = "
              + String.join(",", mapping.values().stream().map(InfluxPaths::withinLine).toList()));
      lines.add("events.covariates = " + String.join(",", mapping.covariates()));
    }
    if (mapping.encoding().schema() != null) {
      lines.add("# events.schema: as configured; not needed if the schema registry has the schema");
    }
    if (mapping.encoding().registry() != null) {
      lines.add("schema.registry.url = " + mapping.encoding().registry());
    }
    return String.join("\n", lines) + "\n";
  }
}
