package io.eddy.kafka.event;

import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What names an event's series: the record's key, or fields of its value.
 *
 * @param fields paths of the fields, in their order; empty for the record's key
 * @param separator stands between the parts of a name: the fields, and the value's field where an
 *     event has several
 */
public record SeriesKey(List<String> fields, String separator) {
  /** Longest name, in bytes of UTF-8. */
  public static final int MAX_BYTES = 1024;

  /** The record's key, as UTF-8. */
  public static final SeriesKey RECORD_KEY = new SeriesKey(List.of(), "/");

  private static final int LONGEST_SEPARATOR = 8;

  public SeriesKey {
    fields = List.copyOf(fields);
    if (separator.isEmpty() || separator.length() > LONGEST_SEPARATOR) {
      throw new IllegalArgumentException(
          "separator: expected 1 to %d characters, got '%s'"
              .formatted(LONGEST_SEPARATOR, separator));
    }
  }

  /** Whether it is the record's. */
  public boolean isRecordKey() {
    return fields.isEmpty();
  }

  /** The record's key with the same separator. */
  SeriesKey withoutFields() {
    return new SeriesKey(List.of(), separator);
  }

  /**
   * The name that fields give.
   *
   * @param parts by field; null where it was missing
   */
  String join(@Nullable String[] parts) {
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (part == null || part.isEmpty()) {
        throw new InvalidRecordException(
            "field %s is %s: expected a part of the series' name",
            fields.get(i), part == null ? "missing" : "empty");
      }
      if (parts.length > 1 && part.contains(separator)) {
        throw new InvalidRecordException(
            "field %s: expected a part of the series' name without '%s', which parts them; another"
                + " one can be set",
            fields.get(i), separator);
      }
    }
    String name = String.join(separator, parts);
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new InvalidRecordException(
          "the series' name has more than %d bytes, the most that is taken", MAX_BYTES);
    }
    return name;
  }

  /** The parts of a name, by field; throws {@link IllegalArgumentException} where it has others. */
  List<String> split(String name) {
    List<String> parts =
        fields.size() == 1
            ? List.of(name)
            : List.of(name.split(java.util.regex.Pattern.quote(separator), -1));
    if (parts.size() != fields.size()) {
      throw new IllegalArgumentException(
          "series '%s': expected %d parts with '%s' between them, for %s"
              .formatted(name, fields.size(), separator, String.join(", ", fields)));
    }
    return parts;
  }

  /** The name of one value's series, where an event has several. */
  String withField(String name, String field) {
    return name + separator + field;
  }
}
