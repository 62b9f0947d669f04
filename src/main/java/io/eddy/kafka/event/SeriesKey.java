package io.eddy.kafka.event;

import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Source of an event's series name: the record's key, or parts that are joined. A part is {@code
 * record} (the record's key), {@code record.PATH} (a field of the record's key), {@code
 * constant:TEXT}, or a field of the value, also written {@code field:PATH}.
 *
 * @param fields the parts, in the order of the name; empty for the record's key alone
 * @param separator joins the parts of a name, and appends the value's field if an event has several
 *     values
 * @param encoding encoding of the record's key
 */
public record SeriesKey(List<String> fields, String separator, KeyEncoding encoding) {
  /** Maximum length of a series name, in bytes of UTF-8. */
  public static final int MAX_BYTES = 1024;

  /** The record's key, in UTF-8. */
  public static final SeriesKey RECORD_KEY = new SeriesKey(List.of(), "/");

  /** Part that stands for the record's key. */
  public static final String RECORD = "record";

  /** Begins a part that is the same in every name. */
  public static final String CONSTANT = "constant:";

  private static final String FIELD = "field:";
  private static final int MAX_SEPARATOR_LENGTH = 8;

  /** Source of a part of a name. */
  enum Source {
    RECORD_KEY,
    CONSTANT,
    VALUE
  }

  /**
   * A part of a name.
   *
   * @param text path of a field of the key or of the value, empty for the whole key; or the
   *     constant
   */
  record Part(Source source, String text) {
    static Part of(String part) {
      if (part.equals(RECORD)) {
        return new Part(Source.RECORD_KEY, "");
      }
      if (part.startsWith(RECORD + '.')) {
        return new Part(Source.RECORD_KEY, part.substring(RECORD.length() + 1));
      }
      if (part.startsWith(CONSTANT)) {
        return new Part(Source.CONSTANT, part.substring(CONSTANT.length()));
      }
      return new Part(Source.VALUE, part.startsWith(FIELD) ? part.substring(FIELD.length()) : part);
    }
  }

  public SeriesKey {
    fields = fields.equals(List.of(RECORD)) ? List.of() : List.copyOf(fields);
    if (separator.isEmpty() || separator.length() > MAX_SEPARATOR_LENGTH) {
      throw new IllegalArgumentException(
          "separator: expected 1 to %d characters, got '%s'"
              .formatted(MAX_SEPARATOR_LENGTH, separator));
    }
    for (String field : fields) {
      requirePart(field, fields.size() > 1 ? separator : null);
    }
    boolean usesRecord =
        fields.isEmpty()
            || fields.stream().anyMatch(part -> Part.of(part).source() == Source.RECORD_KEY);
    if (!usesRecord && !encoding.equals(KeyEncoding.STRING)) {
      throw new IllegalArgumentException(
          "key-format: has no effect, because events.key does not name the record's key");
    }
  }

  /** Creates a key whose records have keys in UTF-8. */
  public SeriesKey(List<String> fields, String separator) {
    this(fields, separator, KeyEncoding.STRING);
  }

  private static void requirePart(String field, @Nullable String separator) {
    Part part = Part.of(field);
    String problem = part.source() == Source.CONSTANT ? "" : problem(part);
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException("key: %s, got '%s'".formatted(problem, field));
    }
    if (part.source() == Source.CONSTANT
        && (part.text().isBlank()
            || hasControlCharacter(part.text())
            || (separator != null && part.text().contains(separator)))) {
      throw new IllegalArgumentException(
          "key: expected a constant name without control characters and separator, got '%s'"
              .formatted(field));
    }
  }

  private static String problem(Part part) {
    return part.text().isEmpty() && part.source() == Source.RECORD_KEY
        ? ""
        : FieldPath.problem(part.text());
  }

  /** Returns the parts of a name. */
  List<Part> parts() {
    return fields.isEmpty()
        ? List.of(new Part(Source.RECORD_KEY, ""))
        : fields.stream().map(Part::of).toList();
  }

  /** Returns the paths of the fields of the value that are parts of a name. */
  List<String> valueFields() {
    return parts().stream().filter(part -> part.source() == Source.VALUE).map(Part::text).toList();
  }

  /**
   * Returns whether the record's key alone names the series, and all events of a series have the
   * same key, so that they are in one partition.
   */
  public boolean isRecordKey() {
    return fields.isEmpty() && encoding.isUnique();
  }

  /** Returns the value of the setting {@code events.key}. */
  public String setting() {
    return fields.isEmpty() ? RECORD : String.join(",", fields);
  }

  /** Returns the record's key in UTF-8 with the same separator. */
  SeriesKey withoutFields() {
    return new SeriesKey(List.of(), separator);
  }

  /**
   * Joins the parts of a series name.
   *
   * @param labels of the parts, for messages
   * @param parts by label; null if the part is missing
   * @throws InvalidRecordException if a part is missing, empty or contains the separator
   */
  String join(List<String> labels, @Nullable String[] parts) {
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (part == null || part.isEmpty()) {
        throw new InvalidRecordException(
            "%s is %s: expected a part of the series name",
            labels.get(i), part == null ? "missing" : "empty");
      }
      if (parts.length > 1 && part.contains(separator)) {
        throw new InvalidRecordException(
            "%s contains the separator '%s' of series names: set another events.key-separator",
            labels.get(i), separator);
      }
      if (hasControlCharacter(part)) {
        throw new InvalidRecordException(
            "%s contains control characters: expected a part of the series name", labels.get(i));
      }
    }
    String name = parts.length == 1 ? String.valueOf(parts[0]) : String.join(separator, parts);
    requireLength("series name", name);
    return name;
  }

  /** Returns the name that a record's key gives. */
  static String requireName(String label, String name) {
    if (hasControlCharacter(name)) {
      throw new InvalidRecordException(
          "%s contains control characters: for keys that are not text set events.key-format",
          label);
    }
    requireLength(label, name);
    return name;
  }

  private static void requireLength(String label, String name) {
    if (name.length() > MAX_BYTES / 4 && name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new InvalidRecordException("%s: expected at most %d bytes of UTF-8", label, MAX_BYTES);
    }
  }

  private static boolean hasControlCharacter(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Splits a series name into its parts.
   *
   * @throws IllegalArgumentException if the number of parts is wrong
   */
  List<String> split(String name) {
    int count = Math.max(1, fields.size());
    List<String> parts =
        count == 1 ? List.of(name) : List.of(name.split(Pattern.quote(separator), -1));
    if (parts.size() != count) {
      throw new IllegalArgumentException(
          "series '%s': expected %d parts separated by '%s', for %s"
              .formatted(name, count, separator, String.join(", ", fields)));
    }
    return parts;
  }

  /**
   * Returns the parts of a name that are fields of the value, by path.
   *
   * @throws IllegalArgumentException if the name does not have the parts
   */
  Map<String, String> valueParts(String name) {
    return texts(name, Source.VALUE);
  }

  /** Returns the parts of a name that come from the record's key, by path; "" is the whole key. */
  Map<String, String> recordParts(String name) {
    return texts(name, Source.RECORD_KEY);
  }

  private Map<String, String> texts(String name, Source source) {
    List<Part> parts = parts();
    Map<String, String> texts = new LinkedHashMap<>();
    if (parts.stream().noneMatch(part -> part.source() == source)) {
      return texts;
    }
    List<String> given = split(name);
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).source() == source) {
        texts.put(parts.get(i).text(), given.get(i));
      }
    }
    return texts;
  }

  /** Returns the series name of one of several values. */
  String withField(String name, String field) {
    return name + separator + field;
  }
}
