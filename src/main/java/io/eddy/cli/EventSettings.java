package io.eddy.cli;

import io.eddy.codec.EventFormat;
import io.eddy.codec.EventMapping;
import io.eddy.codec.EventTime;
import io.eddy.codec.SeriesKey;
import io.eddy.codec.TimeFormat;
import io.eddy.model.Covariate;
import io.eddy.series.Covariates;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;

/** The settings under {@code events.}: how events become observations. */
final class EventSettings {
  private static final String FORMAT = "events.format";
  private static final String KEY = "events.key";
  private static final String SEPARATOR = "events.key-separator";
  private static final String TIMESTAMP = "events.timestamp";
  private static final String TIMESTAMP_FORMAT = "events.timestamp-format";
  private static final String VALUE = "events.value";
  private static final String COVARIATES = "events.covariates";

  /** What stands for the record's own key or time. */
  private static final String RECORD = "record";

  static final List<String> KEYS =
      List.of(FORMAT, KEY, SEPARATOR, TIMESTAMP, TIMESTAMP_FORMAT, VALUE, COVARIATES);

  private final Properties properties;
  private final String where;

  /**
   * Settings.
   *
   * @param where the file, as errors name it
   */
  EventSettings(Properties properties, String where) {
    this.properties = properties;
    this.where = where;
  }

  /** The mapping; throws {@link UsageException} where one cannot be. */
  EventMapping mapping() {
    List<String> covariates = covariates();
    EventFormat format = parsed(FORMAT, "json", EventFormat::of);
    if (format == EventFormat.NUMBER && !covariates.isEmpty()) {
      throw new UsageException(
          where + "events.covariates: events of format number have no fields for them");
    }
    try {
      return new EventMapping(format, key(), time(), list(VALUE, EventMapping.VALUE), covariates);
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + "events." + e.getMessage());
    }
  }

  private SeriesKey key() {
    String separator = properties.getProperty(SEPARATOR, SeriesKey.OF_RECORD.separator());
    List<String> fields = list(KEY, RECORD);
    return parsed(
        SEPARATOR,
        separator,
        text -> new SeriesKey(fields.equals(List.of(RECORD)) ? List.of() : fields, text));
  }

  private EventTime time() {
    TimeFormat format = parsed(TIMESTAMP_FORMAT, TimeFormat.AUTO.id(), TimeFormat::of);
    String field = text(TIMESTAMP, "");
    if (field.isEmpty() && format != TimeFormat.AUTO) {
      return EventTime.ofField("timestamp", format);
    }
    return field.isEmpty()
        ? EventTime.USUAL
        : field.equals(RECORD) ? EventTime.OF_RECORD : EventTime.ofField(field, format);
  }

  private List<String> covariates() {
    List<String> names = list(COVARIATES, "");
    try {
      names.forEach(Covariate::requireName);
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + COVARIATES + ": " + e.getMessage());
    }
    if (names.size() > Covariates.MOST || new HashSet<>(names).size() < names.size()) {
      throw new UsageException(
          "%s%s: expected at most %d, each once, got %s"
              .formatted(where, COVARIATES, Covariates.MOST, text(COVARIATES, "")));
    }
    return names;
  }

  private List<String> list(String key, String otherwise) {
    String text = text(key, otherwise);
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  private String text(String key, String otherwise) {
    return properties.getProperty(key, otherwise).strip();
  }

  private <T> T parsed(String key, String text, Function<String, T> parser) {
    try {
      return parser.apply(properties.getProperty(key, text).strip());
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + key + ": " + e.getMessage());
    }
  }
}
