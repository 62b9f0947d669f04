package io.eddy.kafka.event;

import java.util.HashSet;
import java.util.List;

/**
 * Mapping of events to observations. Fields are given by paths such as {@code payload.temperature};
 * a field whose own name contains dots is found as well.
 *
 * <p>A path such as {@code metrics[].value} goes through a list: each of its elements is read like
 * an event of its own. Fields outside of the list belong to all of its elements.
 *
 * @param encoding encoding of the records' values
 * @param key source of the series name
 * @param time source of the timestamp
 * @param values fields with measured values; each of several is a series of its own
 * @param covariates fields with covariates, all optional; empty for format {@code number}
 * @param words words that stand for numbers
 */
public record EventMapping(
    EventEncoding encoding,
    SeriesKey key,
    EventTime time,
    List<String> values,
    List<String> covariates,
    ValueWords words) {
  /** Default field of the value. */
  public static final String VALUE = "value";

  /** Maximum number of value fields. */
  public static final int MAX_VALUES = 64;

  public EventMapping {
    if (encoding.format() == EventFormat.INFLUX) {
      key = InfluxPaths.ofLine(key);
      time = InfluxPaths.ofLine(time);
      values = InfluxPaths.ofLine(values);
      InfluxPaths.requireValues(values);
    }
    values = List.copyOf(values);
    covariates = List.copyOf(covariates);
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
        if (FieldPath.withinElement(field).contains(key.separator())) {
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
    if (!encoding.format().hasCovariates() && !covariates.isEmpty()) {
      throw new IllegalArgumentException(
          "covariates: format %s has no covariates".formatted(encoding.format().id()));
    }
    requireOneList(key, time, values, covariates);
  }

  /** Creates a mapping without words. */
  public EventMapping(
      EventEncoding encoding,
      SeriesKey key,
      EventTime time,
      List<String> values,
      List<String> covariates) {
    this(encoding, key, time, values, covariates, ValueWords.NONE);
  }

  private static boolean hasDefaultFields(SeriesKey key, EventTime time, List<String> values) {
    return key.valueFields().isEmpty() && time.isDefault() && values.equals(List.of(VALUE));
  }

  private static void requireOneList(
      SeriesKey key, EventTime time, List<String> values, List<String> covariates) {
    String list = FieldPath.list(values.get(0));
    for (String field : values) {
      if (!FieldPath.list(field).equals(list)) {
        throw new IllegalArgumentException(
            "value: expected fields of the same list, got %s and %s"
                .formatted(values.get(0), field));
      }
    }
    key.valueFields().forEach(field -> requireOuter("key", field, list));
    covariates.forEach(field -> requireOuter("covariates", field, list));
    if (time.field() != null) {
      requireOuter("timestamp", time.field(), list);
    }
  }

  private static void requireOuter(String name, String field, String list) {
    if (!FieldPath.isWithin(list, FieldPath.list(field))) {
      throw new IllegalArgumentException(
          "%s: expected a field of the elements that hold the value, or outside of lists, got '%s'"
              .formatted(name, field));
    }
  }

  private static void requirePath(String name, String path) {
    String problem = FieldPath.problem(path);
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException("%s: %s, got '%s'".formatted(name, problem, path));
    }
  }

  /** Returns why a text is not the path of a field; empty if it is one. */
  public static String pathProblem(String path) {
    return FieldPath.problem(path);
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

  /** Returns whether this is {@link #defaults} except for the covariates and the series. */
  public boolean isDefault() {
    return encoding.schema() == null && hasDefaultFields(key, time, values);
  }

  /** Returns the value of the setting {@code events.key}. */
  public String keySetting() {
    return format() == EventFormat.INFLUX && !key.fields().isEmpty()
        ? String.join(",", key.fields().stream().map(InfluxPaths::withinLine).toList())
        : key.setting();
  }

  /** Returns whether the time is that of the default settings, except for the zone. */
  public boolean hasDefaultTime() {
    return time.isDefault()
        || (format() == EventFormat.INFLUX
            && InfluxPaths.ofLine(EventTime.DEFAULT).withZone(time.zone()).equals(time));
  }

  /** Returns whether one event can hold several observations. */
  public boolean hasSeveralValues() {
    return values.size() > 1 || hasList();
  }

  /** Returns whether the values are in the elements of a list. */
  public boolean hasList() {
    return !list().isEmpty();
  }

  /** Returns the path of the list whose elements hold the values; empty if there is none. */
  String list() {
    return FieldPath.list(values.get(0));
  }

  /**
   * Returns whether events are repartitioned by the names of their series. Otherwise the record's
   * key names the series of all values of an event.
   */
  public boolean isRekeyed() {
    return hasList() || !key.isRecordKey();
  }

  /** Returns the name of a value: its path, within the element if it is in a list. */
  public String valueName(int index) {
    return FieldPath.withinElement(values.get(index));
  }

  /** Returns the index of the value that belongs to a series; 0 if none does. */
  public int valueIndex(String series) {
    for (int i = 0; i < values.size() && values.size() > 1; i++) {
      if (series.endsWith(key.withField("", valueName(i)))) {
        return i;
      }
    }
    return 0;
  }

  /** Returns this mapping with other covariates. */
  public EventMapping withCovariates(List<String> covariates) {
    return new EventMapping(encoding, key, time, values, covariates, words);
  }

  /** Returns this mapping in another format. */
  public EventMapping withFormat(EventFormat format) {
    return new EventMapping(encoding.withFormat(format), key, time, values, covariates, words);
  }

  /**
   * Returns the mapping of the topic that forecasts are computed from: the keyed events if events
   * are repartitioned, where the record's key is the series name, else the events themselves.
   *
   * <p>In the keyed events, each observation of a list is an event of its own.
   */
  public EventMapping ofSource() {
    if (hasList()) {
      return defaults(EventFormat.AVRO, covariates);
    }
    return isRekeyed()
        ? new EventMapping(encoding, key.withoutFields(), time, values, covariates, words)
        : this;
  }
}
