package io.eddy.kafka.event;

import java.util.List;

/**
 * Paths of the fields of line protocol. Users name the parts of a line: {@code measurement}, {@code
 * tags.NAME}, {@code fields.NAME}, {@code field}, {@code value} and {@code timestamp}. As an event
 * can have several lines, the paths go through a list: {@code [].measurement}.
 */
public final class InfluxPaths {
  private static final String LINE = "[].";

  private InfluxPaths() {}

  /** Returns a path through the list of lines. */
  public static String ofLine(String path) {
    return path.startsWith(LINE) ? path : LINE + path;
  }

  /** Returns paths through the list of lines. */
  public static List<String> ofLine(List<String> paths) {
    return paths.stream().map(InfluxPaths::ofLine).toList();
  }

  /** Returns a key whose parts are fields of a line. */
  static SeriesKey ofLine(SeriesKey key) {
    List<String> fields =
        key.fields().stream()
            .map(
                field -> {
                  SeriesKey.Part part = SeriesKey.Part.of(field);
                  return part.source() == SeriesKey.Source.VALUE ? ofLine(part.text()) : field;
                })
            .toList();
    return new SeriesKey(fields, key.separator(), key.encoding());
  }

  /** Returns a source of timestamps that is a field of a line. */
  static EventTime ofLine(EventTime time) {
    return time.field() == null
        ? time
        : new EventTime(ofLine(time.field()), time.isRequired(), time.format(), time.zone());
  }

  /**
   * Checks the fields of values.
   *
   * @throws IllegalArgumentException if they are not fields of a line
   */
  static void requireValues(List<String> values) {
    boolean areFields =
        values.stream().allMatch(value -> withinLine(value).startsWith(InfluxEvents.FIELDS));
    if (!areFields && !values.equals(List.of(ofLine(EventMapping.VALUE)))) {
      throw new IllegalArgumentException(
          "value: expected value, or fields of a line such as fields.usage_idle, got "
              + String.join(",", values.stream().map(InfluxPaths::withinLine).toList()));
    }
  }

  /** Returns a path as users write it. */
  public static String withinLine(String path) {
    return path.startsWith(LINE) ? path.substring(LINE.length()) : path;
  }

  /** Returns whether each field of a line is an observation. */
  static boolean isPerField(EventMapping mapping) {
    return mapping.values().equals(List.of(ofLine(EventMapping.VALUE)));
  }

  /** Returns whether the name of the field is part of the series' name. */
  static boolean namesField(EventMapping mapping) {
    return mapping.key().fields().contains(ofLine("field"));
  }
}
