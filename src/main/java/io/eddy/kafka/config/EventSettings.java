package io.eddy.kafka.config;

import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.KeyEncoding;
import io.eddy.kafka.event.KeyFormat;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.kafka.event.ValueWords;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.model.Covariate;
import io.eddy.series.Covariates;
import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.Zones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/** Settings of the mapping from events to observations. */
final class EventSettings {
  private static final String FORMAT = "events.format";
  private static final String SCHEMA = "events.schema";
  private static final String PLAIN_AVRO = "events.plain-avro";
  private static final String KEY = "events.key";
  private static final String KEY_SEPARATOR = "events.key-separator";
  private static final String KEY_FORMAT = "events.key-format";
  private static final String KEY_SCHEMA = "events.key-schema";
  private static final String VALUE_WORDS = "events.value-words";
  private static final String TIMESTAMP = "events.timestamp";
  private static final String TIMESTAMP_FORMAT = "events.timestamp-format";
  private static final String ZONE = "events.zone";
  private static final String VALUE = "events.value";
  private static final String COVARIATES = "events.covariates";

  private static final String GROUP = "Events";

  /** Stands for the record's own key or timestamp. */
  private static final String RECORD = "record";

  private static final String DEFAULT_TIMESTAMP = "timestamp";

  /** Stands for the name of the events topic in the name of a series. */
  private static final String TOPIC = "topic";

  private EventSettings() {}

  static void define(ConfigDef definition) {
    definition
        .define(
            FORMAT,
            ConfigDef.Type.STRING,
            EventFormat.JSON.id(),
            Validators.oneOf(Arrays.stream(EventFormat.values()).map(EventFormat::id)),
            Importance.HIGH,
            "Encoding of event values. `json`: an object such as {\"timestamp\":"
                + " \"2026-01-05T00:00:00Z\", \"value\": 21.5}; other fields are ignored. `number`:"
                + " text such as 21.5; the timestamp is the record's. `double`, `float`, `long`,"
                + " `int`, `short`: a number as Kafka's serializers write it. `avro`: SensorEvent"
                + " of schemas/SensorEvent.avsc in single-object encoding, or a schema of your own"
                + " from events.schema or schema.registry.url, whose fields the settings below"
                + " name. `protobuf`: a message whose schema is in schema.registry.url. `influx`:"
                + " lines of InfluxDB's line protocol, with the fields measurement, tags.NAME,"
                + " field, value, fields.NAME and timestamp.",
            GROUP,
            1,
            Width.SHORT,
            "Format")
        .define(
            SCHEMA,
            ConfigDef.Type.STRING,
            null,
            null,
            Importance.MEDIUM,
            "Path of the Avro schema (.avsc) of avro events, relative to the settings file. Not"
                + " needed for reading if a schema registry has it; `eddy feed` writes events with"
                + " it.",
            GROUP,
            2,
            Width.LONG,
            "Schema file")
        .define(
            PLAIN_AVRO,
            ConfigDef.Type.BOOLEAN,
            false,
            null,
            Importance.LOW,
            "Whether avro events consist of the encoded record alone, without a header that"
                + " identifies the schema. Requires events.schema.",
            GROUP,
            3,
            Width.SHORT,
            "Avro without header")
        .define(
            KEY,
            ConfigDef.Type.LIST,
            RECORD,
            Validators.list(
                "record, topic, constant:NAME, or distinct field names, separated by commas",
                EventSettings::areParts),
            Importance.HIGH,
            "Name of the event's series. `record`: the record's key, as events.key-format says."
                + " Otherwise one or more parts, such as site,sensor, whose texts are joined; the"
                + " events are then repartitioned by this name through topic.keyed-events. A part"
                + " is a field of the value, named by its path if nested (payload.sensor) or in a"
                + " list (metrics[].name); `record`; `record.FIELD`, a field of an avro or json"
                + " key; `topic`, the name of topic.events, and `constant:NAME`, for a topic of one"
                + " series. A field of the value that is called record or topic is `field:topic`.",
            GROUP,
            4,
            Width.MEDIUM,
            "Series")
        .define(
            KEY_SEPARATOR,
            ConfigDef.Type.STRING,
            SeriesKey.RECORD_KEY.separator(),
            Validators.text("1 to 8 characters", text -> text.length() <= 8),
            Importance.LOW,
            "Text between the fields of a series' name.",
            GROUP,
            5,
            Width.SHORT,
            "Separator")
        .define(
            KEY_FORMAT,
            ConfigDef.Type.STRING,
            KeyFormat.STRING.id(),
            Validators.oneOf(KeyEncoding.ids().stream()),
            Importance.HIGH,
            "Format of the record's key. `string`: text in UTF-8. `long`, `int`, `short`: an"
                + " integer in 8, 4 or 2 bytes, as Kafka's serializers write it. `uuid`: text, or"
                + " 16 bytes. `json`: a string, an integer, or an object with one field; for"
                + " several fields set events.key to record.FIELD,record.FIELD. `avro`: a string,"
                + " an integer, or a record, whose fields are joined; the schema comes from"
                + " schema.registry.url or events.key-schema. `windowed`, `windowed-long` and so"
                + " on: the windowed keys of Kafka Streams and ksqlDB; the window is not part of"
                + " the name.",
            GROUP,
            6,
            Width.SHORT,
            "Key format")
        .define(
            KEY_SCHEMA,
            ConfigDef.Type.STRING,
            null,
            null,
            Importance.LOW,
            "Path of the Avro schema (.avsc) of avro keys, relative to the settings file. Not"
                + " needed if a schema registry has it.",
            GROUP,
            7,
            Width.LONG,
            "Key schema file")
        .define(
            TIMESTAMP,
            ConfigDef.Type.STRING,
            null,
            Validators.text("record, or a field name", EventSettings::isField),
            Importance.HIGH,
            "Field with the time of the measurement, required in every event; or `record` for the"
                + " record's own timestamp. If not set: the field timestamp if an event has it,"
                + " else the record's own timestamp.",
            GROUP,
            8,
            Width.MEDIUM,
            "Timestamp")
        .define(
            TIMESTAMP_FORMAT,
            ConfigDef.Type.STRING,
            TimestampFormat.AUTO.id(),
            Validators.timestampFormat(),
            Importance.MEDIUM,
            "Format of that field. `auto`: a number is epoch milliseconds from 1990 to 2100, and any"
                + " other number is rejected; text is ISO-8601 or RFC 1123. `iso-8601`: text such as"
                + " 2026-01-05T00:00:00+01:00. `rfc-1123`: text such as Mon, 05 Jan 2026 00:00:00"
                + " GMT. `s`, `ms`, `us`, `ns`: seconds, milli-, micro- or nanoseconds since 1970,"
                + " as a number or text. `days`: days since 1970. `excel`: serial days of a"
                + " spreadsheet, such as 46027.5. Or a pattern of Java's DateTimeFormatter, such as"
                + " dd.MM.yyyy HH:mm or yyyyMMddHHmmss, for text or a number.",
            GROUP,
            9,
            Width.SHORT,
            "Timestamp format")
        .define(
            ZONE,
            ConfigDef.Type.STRING,
            null,
            Validators.zone(),
            Importance.MEDIUM,
            "Time zone of times that have none of their own, such as 2026-01-05 00:00:00: an IANA"
                + " name such as Europe/Paris, UTC, or an offset. If not set, such times are"
                + " rejected. Of an hour that occurs twice, the earlier one is taken; a time that a"
                + " change to summer time skips is moved forward by the length of the gap.",
            GROUP,
            10,
            Width.MEDIUM,
            "Time zone")
        .define(
            VALUE,
            ConfigDef.Type.LIST,
            EventMapping.VALUE,
            Validators.list(
                "1 to %d distinct field names separated by commas"
                    .formatted(EventMapping.MAX_VALUES),
                fields -> areFields(fields) && fields.size() <= EventMapping.MAX_VALUES),
            Importance.HIGH,
            "Field with the measured value. Several fields, such as temperature,humidity, make a"
                + " series each, named by the event's series and the field: site-7/temperature. A"
                + " path through a list, such as metrics[].value, or [].value if the event itself"
                + " is a list, reads every element: its series, timestamp and covariates are fields"
                + " of the element, such as metrics[].name, or of the event.",
            GROUP,
            11,
            Width.MEDIUM,
            "Value")
        .define(
            VALUE_WORDS,
            ConfigDef.Type.LIST,
            "",
            Validators.list(
                "WORD=NUMBER or WORD=missing, separated by commas", EventSettings::areWords),
            Importance.LOW,
            "Words that stand for numbers in value and covariate fields, such as"
                + " ON=1,OFF=0,true=1,false=0,unavailable=missing: strings, symbols of an enum, and"
                + " true and false. Upper and lower case are the same. Other words are not numbers.",
            GROUP,
            12,
            Width.MEDIUM,
            "Words for values")
        .define(
            COVARIATES,
            ConfigDef.Type.LIST,
            "",
            Validators.list(
                "at most %d distinct names separated by commas, other than series, timestamp and value"
                    .formatted(Covariates.MAX_COUNT),
                EventSettings::areCovariates),
            Importance.MEDIUM,
            "Further fields that are stored with every value as the covariates of models that use"
                + " them. In avro events of the default schema they are entries of the map"
                + " covariates; number has none. Values known in advance are read from the field"
                + " ahead.",
            GROUP,
            13,
            Width.LONG,
            "Covariates");
  }

  private static boolean areParts(List<String> parts) {
    return !parts.isEmpty() && parts.stream().noneMatch(String::isBlank) && areDistinct(parts);
  }

  private static boolean areWords(List<String> words) {
    try {
      return ValueWords.parse(words) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean areFields(List<String> fields) {
    return !fields.isEmpty()
        && fields.stream().allMatch(EventSettings::isField)
        && areDistinct(fields);
  }

  private static boolean isField(String path) {
    return EventMapping.pathProblem(path).isEmpty();
  }

  private static boolean areCovariates(List<String> names) {
    try {
      names.forEach(Covariate::requireName);
      return names.size() <= Covariates.MAX_COUNT && areDistinct(names);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean areDistinct(List<String> names) {
    return new HashSet<>(names).size() == names.size();
  }

  /**
   * Returns the mapping.
   *
   * @param registry source of schemas; null if none exists
   */
  static EventMapping mapping(SettingValues values, @Nullable SchemaRegistrySettings registry) {
    EventFormat format = EventFormat.of(values.text(FORMAT));
    List<String> covariates = values.list(COVARIATES);
    if (!format.hasCovariates() && !covariates.isEmpty()) {
      values.problem(
          "events in the format %s have no covariates".formatted(format.id()), COVARIATES);
      covariates = List.of();
    }
    if (format == EventFormat.PROTOBUF && registry == null) {
      values.problem("protobuf requires schema.registry.url, the registry of its schemas", FORMAT);
    }
    EventMapping defaults = EventMapping.defaults(format, covariates);
    return values.create("events.", () -> mapping(values, defaults, registry), defaults);
  }

  private static EventMapping mapping(
      SettingValues values, EventMapping defaults, @Nullable SchemaRegistrySettings registry) {
    EventFormat format = defaults.format();
    EventEncoding form =
        new EventEncoding(
            format,
            schema(values, SCHEMA),
            values.isTrue(PLAIN_AVRO),
            format.hasRegistry() ? registry : null);
    KeyEncoding keys =
        KeyEncoding.of(values.text(KEY_FORMAT), schema(values, KEY_SCHEMA), registry);
    SeriesKey key = new SeriesKey(parts(values), values.text(KEY_SEPARATOR), keys);
    return new EventMapping(
        form,
        key,
        time(values),
        values.list(VALUE),
        defaults.covariates(),
        ValueWords.parse(values.list(VALUE_WORDS)));
  }

  private static List<String> parts(SettingValues values) {
    String topic = SeriesKey.CONSTANT + TopicSettings.events(values);
    return values.list(KEY).stream().map(part -> part.equals(TOPIC) ? topic : part).toList();
  }

  private static @Nullable Schema schema(SettingValues values, String setting) {
    String name = values.optionalText(setting);
    if (name == null) {
      return null;
    }
    Path directory = values.directory(setting);
    Path path = directory == null ? Path.of(name) : directory.resolve(name);
    try {
      return new Schema.Parser().parse(Files.readString(path));
    } catch (NoSuchFileException e) {
      values.problem(path + ": no such file", setting);
    } catch (IOException | AvroRuntimeException e) {
      values.problem(path + " is not a readable Avro schema: " + e.getMessage(), setting);
    }
    return null;
  }

  private static EventTime time(SettingValues values) {
    TimestampFormat format = TimestampFormat.of(values.text(TIMESTAMP_FORMAT));
    String zone = values.optionalText(ZONE);
    return time(values.optionalText(TIMESTAMP), format)
        .withZone(zone == null ? null : Zones.of(zone));
  }

  private static EventTime time(@Nullable String field, TimestampFormat format) {
    if (field == null) {
      return format.equals(TimestampFormat.AUTO)
          ? EventTime.DEFAULT
          : EventTime.ofField(DEFAULT_TIMESTAMP, format);
    }
    return field.equals(RECORD) ? EventTime.RECORD_TIMESTAMP : EventTime.ofField(field, format);
  }
}
