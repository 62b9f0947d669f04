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

  /**
   * Returns the content of the properties file.
   *
   * @param needsZone whether the user has to add the zone of the times
   */
  public static String of(
      EddyConfig settings, String topic, EventMapping mapping, boolean needsZone) {
    List<String> lines = new ArrayList<>();
    lines.add("bootstrap.servers = " + settings.bootstrapServers());
    lines.add("application.id = " + settings.applicationId());
    lines.add("topic.events = " + topic);
    lines.addAll(events(topic, mapping, needsZone));
    if (mapping.encoding().schema() != null) {
      lines.add("# events.schema: as configured; not needed if the schema registry has the schema");
    }
    if (mapping.encoding().registry() != null) {
      lines.add("schema.registry.url = " + mapping.encoding().registry());
    }
    return String.join("\n", lines) + "\n";
  }

  /** Returns the lines of the settings of the mapping. */
  public static List<String> events(String topic, EventMapping mapping, boolean needsZone) {
    List<String> lines = new ArrayList<>();
    lines.add("events.format = " + mapping.format().id());
    if (!mapping.key().encoding().equals(KeyEncoding.STRING)) {
      lines.add("events.key-format = " + mapping.key().encoding().id());
    }
    if (mapping.isRekeyed()) {
      lines.add("events.key = " + mapping.keySetting());
      lines.add("events.key-separator = " + mapping.key().separator());
      lines.add("topic.keyed-events = " + topic + "-keyed");
    }
    if (needsZone) {
      lines.add("# the zone of the times, such as Europe/Berlin or UTC:");
      lines.add("# events.zone =");
    } else if (mapping.time().zone() != null) {
      lines.add("events.zone = " + mapping.time().zone().getId());
    }
    if (!mapping.hasDefaultTime()) {
      String field = mapping.time().field();
      lines.add("events.timestamp = " + (field == null ? "record" : InfluxPaths.withinLine(field)));
      lines.add("events.timestamp-format = " + mapping.time().format().id());
    }
    if (!mapping.format().isNumber()) {
      lines.add(
          "events.value = "
              + String.join(",", mapping.values().stream().map(InfluxPaths::withinLine).toList()));
      if (mapping.format().hasCovariates()) {
        lines.add("events.covariates = " + String.join(",", mapping.covariates()));
      }
    }
    if (!mapping.words().numbers().isEmpty()) {
      lines.add("events.value-words = " + mapping.words().setting());
    }
    return lines;
  }
}
