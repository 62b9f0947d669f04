package io.eddy.kafka.event;

import java.util.HashSet;
import java.util.List;

/**
 * How events become observations. A field is named by its path, {@code payload.temperature}; a
 * field whose name itself has dots is found as well.
 *
 * @param encoding of the records' values
 * @param key what names the series
 * @param time when it was measured
 * @param values fields with what was measured; each of several is a series of its own
 * @param covariates fields to read beside; one that an event does not have is missing, a plain
 *     number has none
 */
public record EventMapping(
    EventEncoding encoding,
    SeriesKey key,
    EventTime time,
    List<String> values,
    List<String> covariates) {
  /** The field of the value where none is named. */
  public static final String VALUE = "value";

  /** Most fields of values that an event may have. */
  public static final int MAX_VALUES = 64;

  private static final int LONGEST_PATH = 256;

  public EventMapping {
    values = List.copyOf(values);
    covariates = List.copyOf(covariates);
    key.fields().forEach(field -> requirePath("key", field));
    values.forEach(field -> requirePath("value", field));
    requireDistinct("key", key.fields());
    requireDistinct("value", values);
    if (time.field() != null) {
      requirePath("timestamp", time.field());
    }
    if (values.isEmpty() || values.size() > MAX_VALUES) {
      throw new IllegalArgumentException(
          "value: expected 1 to %d fields, got %d".formatted(MAX_VALUES, values.size()));
    }
    if (values.size() > 1) {
      for (String field : values) {
        if (field.contains(key.separator())) {
          throw new IllegalArgumentException(
              "value: field %s has the separator '%s' of the series' names in it: set another one"
                  .formatted(field, key.separator()));
        }
      }
    }
    if (!encoding.hasFields() && !hasDefaultFields(key, time, values)) {
      throw new IllegalArgumentException(
          "key, timestamp and value: events of format %s%s have no fields to choose"
              .formatted(
                  encoding.format().id(),
                  encoding.format() == EventFormat.AVRO ? " without a schema or a registry" : ""));
    }
    if (encoding.format() == EventFormat.NUMBER && !covariates.isEmpty()) {
      throw new IllegalArgumentException(
          "covariates: events of format number have no fields for them");
    }
  }

  private static boolean hasDefaultFields(SeriesKey key, EventTime time, List<String> values) {
    return key.isRecordKey() && time.equals(EventTime.DEFAULT) && values.equals(List.of(VALUE));
  }

  private static void requirePath(String what, String path) {
    boolean isPath =
        !path.isEmpty()
            && path.length() <= LONGEST_PATH
            && !path.startsWith(".")
            && !path.endsWith(".")
            && !path.contains("..");
    if (!isPath) {
      throw new IllegalArgumentException(
          "%s: expected a field's name, or a path as in payload.temperature, of at most %d"
                  .formatted(what, LONGEST_PATH)
              + " characters, got '%s'".formatted(path));
    }
  }

  private static void requireDistinct(String what, List<String> fields) {
    if (new HashSet<>(fields).size() < fields.size()) {
      throw new IllegalArgumentException("%s: expected each field once".formatted(what));
    }
  }

  /** The record's key names the series, and the fields are the usual ones. */
  public static EventMapping defaults(EventFormat format, List<String> covariates) {
    return new EventMapping(
        EventEncoding.of(format),
        SeriesKey.RECORD_KEY,
        EventTime.DEFAULT,
        List.of(VALUE),
        covariates);
  }

  /** Fields of JSON. */
  public static EventMapping json(
      SeriesKey key, EventTime time, List<String> values, List<String> covariates) {
    return new EventMapping(EventEncoding.of(EventFormat.JSON), key, time, values, covariates);
  }

  /** Of the records' values. */
  public EventFormat format() {
    return encoding.format();
  }

  /** Whether it is {@link #defaults} but for the covariates. */
  public boolean isDefault() {
    return encoding.schema() == null && hasDefaultFields(key, time, values);
  }

  /** Whether an event may give several observations. */
  public boolean hasSeveralValues() {
    return values.size() > 1;
  }

  /** Which of an event's values a series is of; 0 where it is of none. */
  public int valueIndex(String series) {
    for (int i = 0; i < values.size() && values.size() > 1; i++) {
      if (series.endsWith(key.withField("", values.get(i)))) {
        return i;
      }
    }
    return 0;
  }

  /** The same for other covariates. */
  public EventMapping withCovariates(List<String> covariates) {
    return new EventMapping(encoding, key, time, values, covariates);
  }

  /** The same in another format. */
  public EventMapping withFormat(EventFormat format) {
    return new EventMapping(encoding.withFormat(format), key, time, values, covariates);
  }

  /** The same for events whose key has been made the series' name. */
  public EventMapping withRecordKey() {
    return new EventMapping(encoding, key.withoutFields(), time, values, covariates);
  }
}
