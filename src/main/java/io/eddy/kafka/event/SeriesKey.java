package io.eddy.kafka.event;

import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Source of an event's series name: the record's key, or fields of the value.
 *
 * @param fields paths of the fields, in the order of the name's parts; empty for the record's key
 * @param separator joins the parts of a name, and appends the value's field if an event has several
 *     values
 */
public record SeriesKey(List<String> fields, String separator) {
  /** Maximum length of a series name, in bytes of UTF-8. */
  public static final int MAX_BYTES = 1024;

  /** The record's key, in UTF-8. */
  public static final SeriesKey RECORD_KEY = new SeriesKey(List.of(), "/");

  private static final int MAX_SEPARATOR_LENGTH = 8;

  public SeriesKey {
    fields = List.copyOf(fields);
    if (separator.isEmpty() || separator.length() > MAX_SEPARATOR_LENGTH) {
      throw new IllegalArgumentException(
          "separator: expected 1 to %d characters, got '%s'"
              .formatted(MAX_SEPARATOR_LENGTH, separator));
    }
  }

  /** Returns whether the record's key is the series name. */
  public boolean isRecordKey() {
    return fields.isEmpty();
  }

  /** Returns the record's key with the same separator. */
  SeriesKey withoutFields() {
    return new SeriesKey(List.of(), separator);
  }

  /**
   * Joins the parts of a series name.
   *
   * @param parts by field; null if the field is missing
   * @throws InvalidRecordException if a part is missing, empty or contains the separator
   */
  String join(@Nullable String[] parts) {
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (part == null || part.isEmpty()) {
        throw new InvalidRecordException(
            "field %s is %s: expected a part of the series name",
            fields.get(i), part == null ? "missing" : "empty");
      }
      if (parts.length > 1 && part.contains(separator)) {
        throw new InvalidRecordException(
            "field %s contains the separator '%s' of series names: set another"
                + " events.key-separator",
            fields.get(i), separator);
      }
    }
    String name = String.join(separator, parts);
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new InvalidRecordException(
          "series name: expected at most %d bytes of UTF-8", MAX_BYTES);
    }
    return name;
  }

  /**
   * Splits a series name into its parts, by field.
   *
   * @throws IllegalArgumentException if the number of parts is wrong
   */
  List<String> split(String name) {
    List<String> parts =
        fields.size() == 1
            ? List.of(name)
            : List.of(name.split(java.util.regex.Pattern.quote(separator), -1));
    if (parts.size() != fields.size()) {
      throw new IllegalArgumentException(
          "series '%s': expected %d parts separated by '%s', for %s"
              .formatted(name, fields.size(), separator, String.join(", ", fields)));
    }
    return parts;
  }

  /** Returns the series name of one of several values. */
  String withField(String name, String field) {
    return name + separator + field;
  }
}
