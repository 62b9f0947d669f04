package io.eddy.kafka.config;

import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.kafka.event.TimestampFormat;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.model.Covariate;
import io.eddy.series.Covariates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The settings under {@code events.}: how events become observations. */
final class EventSettings {
  private static final String FORMAT = "events.format";
  private static final String KEY = "events.key";
  private static final String SEPARATOR = "events.key-separator";
  private static final String TIMESTAMP = "events.timestamp";
  private static final String TIMESTAMP_FORMAT = "events.timestamp-format";
  private static final String VALUE = "events.value";
  private static final String COVARIATES = "events.covariates";
  private static final String SCHEMA = "events.schema";
  private static final String PLAIN = "events.plain-avro";

  /** What stands for the record's own key or time. */
  private static final String RECORD = "record";

  static final List<String> KEYS =
      List.of(
          FORMAT, KEY, SEPARATOR, TIMESTAMP, TIMESTAMP_FORMAT, VALUE, COVARIATES, SCHEMA, PLAIN);

  private final Properties properties;
  private final String where;
  private final @Nullable Path file;

  /**
   * Settings.
   *
   * @param file of the settings; null where there is none
   */
  EventSettings(Properties properties, @Nullable Path file) {
    this.properties = properties;
    this.file = file;
    where = file == null ? "" : file + ": ";
  }

  /**
   * The mapping; throws {@link UsageException} where one cannot be.
   *
   * @param registry that knows schemas; null where there is none
   */
  EventMapping mapping(@Nullable SchemaRegistrySettings registry) {
    List<String> covariates = covariates();
    EventFormat format = parsed(FORMAT, "json", EventFormat::of);
    if (format == EventFormat.NUMBER && !covariates.isEmpty()) {
      throw new UsageException(
          where + "events.covariates: events of format number have no fields for them");
    }
    try {
      EventEncoding encoding =
          new EventEncoding(
              format, schema(), truth(), format == EventFormat.AVRO ? registry : null);
      return new EventMapping(encoding, key(), time(), list(VALUE, EventMapping.VALUE), covariates);
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + "events." + e.getMessage());
    }
  }

  /** The schema; its file stands where that of the settings does. */
  private @Nullable Schema schema() {
    String name = text(SCHEMA, "");
    if (name.isEmpty()) {
      return null;
    }
    Path folder = file == null ? null : file.getParent();
    Path path = folder == null ? Path.of(name) : folder.resolve(name);
    try {
      return new Schema.Parser().parse(Files.readString(path));
    } catch (IOException | AvroRuntimeException e) {
      throw new UsageException(
          "%s%s: %s cannot be read as an Avro schema: %s"
              .formatted(where, SCHEMA, path, e.getMessage()));
    }
  }

  private boolean truth() {
    String text = text(PLAIN, "false");
    if (!text.equals("true") && !text.equals("false")) {
      throw new UsageException(
          "%s%s: expected true or false, got '%s'".formatted(where, PLAIN, text));
    }
    return text.equals("true");
  }

  private SeriesKey key() {
    String separator = properties.getProperty(SEPARATOR, SeriesKey.RECORD_KEY.separator());
    List<String> fields = list(KEY, RECORD);
    return parsed(
        SEPARATOR,
        separator,
        text -> new SeriesKey(fields.equals(List.of(RECORD)) ? List.of() : fields, text));
  }

  private EventTime time() {
    TimestampFormat format =
        parsed(TIMESTAMP_FORMAT, TimestampFormat.AUTO.id(), TimestampFormat::of);
    String field = text(TIMESTAMP, "");
    if (field.isEmpty() && format != TimestampFormat.AUTO) {
      return EventTime.ofField("timestamp", format);
    }
    return field.isEmpty()
        ? EventTime.DEFAULT
        : field.equals(RECORD) ? EventTime.RECORD_TIMESTAMP : EventTime.ofField(field, format);
  }

  private List<String> covariates() {
    List<String> names = list(COVARIATES, "");
    try {
      names.forEach(Covariate::requireName);
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + COVARIATES + ": " + e.getMessage());
    }
    if (names.size() > Covariates.MAX_COUNT || new HashSet<>(names).size() < names.size()) {
      throw new UsageException(
          "%s%s: expected at most %d, each once, got %s"
              .formatted(where, COVARIATES, Covariates.MAX_COUNT, text(COVARIATES, "")));
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
