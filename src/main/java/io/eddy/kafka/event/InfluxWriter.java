package io.eddy.kafka.event;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/** Writes an observation as a line of InfluxDB's line protocol. */
final class InfluxWriter {
  private static final String TAGS = "tags.";

  private final EventMapping mapping;

  InfluxWriter(EventMapping mapping) {
    this.mapping = mapping;
  }

  /**
   * Writes a line.
   *
   * @throws IllegalArgumentException if the series' name does not hold the measurement
   */
  String write(EventEncoder.EventValue value) {
    String measurement = null;
    String field = InfluxPaths.withinLine(value.field());
    field =
        field.startsWith(InfluxEvents.FIELDS)
            ? field.substring(InfluxEvents.FIELDS.length())
            : field;
    Map<String, String> tags = new TreeMap<>();
    for (Map.Entry<String, String> part : mapping.key().valueParts(value.key()).entrySet()) {
      String path = InfluxPaths.withinLine(part.getKey());
      if (path.equals("measurement")) {
        measurement = part.getValue();
      } else if (path.equals("field")) {
        field = part.getValue();
      } else if (path.startsWith(TAGS)) {
        tags.put(path.substring(TAGS.length()), part.getValue());
      }
    }
    if (measurement == null) {
      throw new IllegalArgumentException(
          "cannot write events of format influx: events.key does not name measurement");
    }
    StringBuilder line = new StringBuilder(escape(measurement, ", "));
    tags.forEach(
        (name, text) ->
            line.append(',').append(escape(name, ",= ")).append('=').append(escape(text, ",= ")));
    return line.append(' ')
        .append(escape(field, ",= "))
        .append('=')
        .append(BigDecimal.valueOf(value.observation().value()))
        .append(time(value.observation().timestampMs()))
        .toString();
  }

  /** Returns nanoseconds, unless a format is set; nothing if the record's timestamp counts. */
  private String time(long ms) {
    String path = mapping.time().field();
    if (path == null) {
      return "";
    }
    if (!InfluxPaths.withinLine(path).equals("timestamp")) {
      throw new IllegalArgumentException(
          "cannot write events of format influx: events.timestamp is not the line's timestamp");
    }
    return InfluxEvents.isAuto(mapping)
        ? " " + Math.multiplyExact(ms, 1_000_000L)
        : " " + mapping.time().newWriter().write(ms);
  }

  private static String escape(String text, String escaped) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (escaped.indexOf(text.charAt(i)) >= 0) {
        result.append('\\');
      }
      result.append(text.charAt(i));
    }
    return result.toString();
  }
}
