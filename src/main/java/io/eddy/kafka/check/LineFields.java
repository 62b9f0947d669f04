package io.eddy.kafka.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of lines of line protocol as events of their own: each has the measurement, tags and
 * timestamp of its line, its name in {@code field} and its number in {@code value}.
 */
final class LineFields {
  static final String MEASUREMENT = "measurement";
  static final String FIELD = "field";

  /** Begins the paths of the fields of a line. */
  static final String PREFIX = "fields.";

  private static final String FIELDS = "fields";
  private static final String VALUE = "value";

  private LineFields() {}

  /** Returns whether the lines are of several measurements. */
  static boolean haveSeveralMeasurements(List<EventRows.Event> lines) {
    Set<String> measurements = new HashSet<>();
    lines.forEach(line -> measurements.add(line.tree().path(MEASUREMENT).asText()));
    return measurements.size() > 1;
  }

  /** Returns an event for each field with a number. */
  static List<EventRows.Event> of(List<EventRows.Event> lines) {
    List<EventRows.Event> fields = new ArrayList<>();
    for (EventRows.Event line : lines) {
      for (Map.Entry<String, JsonNode> field : line.tree().path(FIELDS).properties()) {
        if (field.getValue().isNumber() && line.tree() instanceof ObjectNode tree) {
          ObjectNode event = tree.deepCopy();
          event.remove(FIELDS);
          event.put(FIELD, field.getKey());
          event.set(VALUE, field.getValue());
          fields.add(new EventRows.Event(line.record(), event));
        }
      }
    }
    return fields;
  }

  /** Returns the parts of a series' name: the measurement, the chosen parts, and the field. */
  static List<String> key(List<String> chosen) {
    Set<String> parts = new LinkedHashSet<>();
    parts.add(MEASUREMENT);
    chosen.stream().filter(part -> !part.equals(FIELD)).forEach(parts::add);
    parts.add(FIELD);
    return List.copyOf(parts);
  }
}
