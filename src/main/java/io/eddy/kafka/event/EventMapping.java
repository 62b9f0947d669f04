package io.eddy.kafka.event;

import java.util.HashSet;
import java.util.List;

/**
 * Mapping of events to observations. Fields are given by paths such as {@code payload.temperature};
 * a field whose own name contains dots is found as well.
 *
 * @param encoding encoding of the records' values
 * @param key source of the series name
 * @param time source of the timestamp
 * @param values fields with measured values; each of several is a series of its own
 * @param covariates fields with covariates, all optional; empty for format {@code number}
 */
public record EventMapping(
    EventEncoding encoding,
    SeriesKey key,
    EventTime time,
    List<String> values,
    List<String> covariates) {
  /** Default field of the value. */
  public static final String VALUE = "value";

  /** Maximum number of value fields. */
  public static final int MAX_VALUES = 64;

  private static final int MAX_PATH_LENGTH = 256;

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
              "value: field %s contains the separator '%s' of series names: set another separator"
                  .formatted(field, key.separator()));
        }
      }
    }
    if (!encoding.hasFields() && !hasDefaultFields(key, time, values)) {
      throw new IllegalArgumentException(
          "key, timestamp and value: format %s%s has no named fields"
              .formatted(
                  encoding.format().id(),
                  encoding.format() == EventFormat.AVRO ? " without a schema or a registry" : ""));
    }
    if (encoding.format().isNumber() && !covariates.isEmpty()) {
      throw new IllegalArgumentException(
          "covariates: format %s has no covariates".formatted(encoding.format().id()));
    }
  }

  private static boolean hasDefaultFields(SeriesKey key, EventTime time, List<String> values) {
    return key.isRecordKey() && time.isDefault() && values.equals(List.of(VALUE));
  }

  private static void requirePath(String name, String path) {
    boolean isPath =
        !path.isEmpty()
            && path.length() <= MAX_PATH_LENGTH
            && !path.startsWith(".")
            && !path.endsWith(".")
            && !path.contains("..");
    if (!isPath) {
      throw new IllegalArgumentException(
          "%s: expected a field name or a path such as payload.temperature of at most %d"
                  .formatted(name, MAX_PATH_LENGTH)
              + " characters, got '%s'".formatted(path));
    }
  }

  private static void requireDistinct(String name, List<String> fields) {
    if (new HashSet<>(fields).size() < fields.size()) {
      throw new IllegalArgumentException("%s: expected distinct fields".formatted(name));
    }
  }

  /** Returns the mapping with the record's key as the series and the default fields. */
  public static EventMapping defaults(EventFormat format, List<String> covariates) {
    return new EventMapping(
        EventEncoding.of(format),
        SeriesKey.RECORD_KEY,
        EventTime.DEFAULT,
        List.of(VALUE),
        covariates);
  }

  /** Returns a mapping of JSON fields. */
  public static EventMapping json(
      SeriesKey key, EventTime time, List<String> values, List<String> covariates) {
    return new EventMapping(EventEncoding.of(EventFormat.JSON), key, time, values, covariates);
  }

  /** Returns the format of the records' values. */
  public EventFormat format() {
    return encoding.format();
  }

  /** Returns whether this is {@link #defaults} except for the covariates. */
  public boolean isDefault() {
    return encoding.schema() == null && hasDefaultFields(key, time, values);
  }

  /** Returns whether one event can hold several observations. */
  public boolean hasSeveralValues() {
    return values.size() > 1;
  }

  /** Returns the index of the value that belongs to a series; 0 if none does. */
  public int valueIndex(String series) {
    for (int i = 0; i < values.size() && values.size() > 1; i++) {
      if (series.endsWith(key.withField("", values.get(i)))) {
        return i;
      }
    }
    return 0;
  }

  /** Returns this mapping with other covariates. */
  public EventMapping withCovariates(List<String> covariates) {
    return new EventMapping(encoding, key, time, values, covariates);
  }

  /** Returns this mapping in another format. */
  public EventMapping withFormat(EventFormat format) {
    return new EventMapping(encoding.withFormat(format), key, time, values, covariates);
  }

  /** Returns the mapping of the keyed events topic, where the record's key is the series name. */
  public EventMapping withRecordKey() {
    return new EventMapping(encoding, key.withoutFields(), time, values, covariates);
  }
}
