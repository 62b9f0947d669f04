package io.eddy.kafka.check;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.kafka.schema.SchemaRegistryClient;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.time.EpochUnit;
import io.eddy.series.time.TimestampFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Guesses the mapping of a sample of events: the format from the majority of the records, and for
 * JSON and Avro the fields of timestamp, values and key from their names and contents.
 */
public final class EventMappingDetector {
  private static final int MAX_RECORDS = 1000;
  private static final int MAX_FIELDS = 200;
  private static final int MAX_STRINGS = 64;
  private static final Set<String> TIMESTAMP_NAMES =
      Set.of(
          "timestamp",
          "time",
          "ts",
          "at",
          "datetime",
          "date",
          "eventtime",
          "event_time",
          "measuredat",
          "measured_at",
          "observedat",
          "observed_at");
  private static final Set<String> KEY_NAMES =
      Set.of(
          "series",
          "sensor",
          "sensorid",
          "sensor_id",
          "device",
          "deviceid",
          "device_id",
          "id",
          "meter",
          "meterid",
          "meter_id",
          "tag",
          "name",
          "site",
          "machine",
          "asset");
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(32)
                      .maxDocumentLength(512 << 10)
                      .build())
              .build());

  private final Map<String, FieldStatistics> fields = new LinkedHashMap<>();
  private final EventEncoding configured;
  private int records;
  private int keyed;
  private int numbers;
  private int objects;
  private int framed;
  private @Nullable Schema schema;

  /** Statistics of a field that is not an object. */
  private static final class FieldStatistics {
    int numbers;
    int fractions;
    int times;
    final Map<TimestampFormat, Integer> units = new LinkedHashMap<>();
    final Set<String> strings = new HashSet<>();
  }

  /**
   * Creates a detector without records.
   *
   * @param configured schema and registry that may be used
   */
  public EventMappingDetector(EventEncoding configured) {
    this.configured = configured;
  }

  /** Adds a record; records beyond a maximum are ignored. */
  public void add(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value == null || records >= MAX_RECORDS) {
      return;
    }
    records++;
    keyed += record.key() != null && record.key().length > 0 ? 1 : 0;
    if (isNumber(value)) {
      numbers++;
    } else if (value.length > 0 && value[0] == '{') {
      addJson(value);
    } else if (isFramed(value)) {
      framed++;
      addSchema(value);
    }
  }

  private static boolean isNumber(byte[] value) {
    try {
      return value.length <= 64
          && Double.isFinite(Double.parseDouble(new String(value, StandardCharsets.UTF_8).strip()));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isFramed(byte[] value) {
    return value.length > 5 && (value[0] == 0 || (value[0] == (byte) 0xC3 && value[1] == 1));
  }

  private void addJson(byte[] value) {
    try {
      collect(null, JSON.readTree(value));
      objects++;
    } catch (IOException e) {
      // EventSample reports it.
    }
  }

  private void collect(@Nullable String parent, JsonNode node) {
    node.properties()
        .forEach(
            entry -> {
              String path = parent == null ? entry.getKey() : parent + '.' + entry.getKey();
              if (entry.getValue().isObject()) {
                collect(path, entry.getValue());
              } else if (entry.getValue().isValueNode()
                  && (fields.containsKey(path) || fields.size() < MAX_FIELDS)) {
                note(
                    fields.computeIfAbsent(path, absent -> new FieldStatistics()),
                    entry.getValue());
              }
            });
  }

  private static void note(FieldStatistics field, JsonNode value) {
    if (value.isNumber()) {
      field.numbers++;
      field.fractions += value.isIntegralNumber() ? 0 : 1;
      EpochUnit unit = EpochUnit.of(value.doubleValue());
      if (unit != null) {
        field.units.merge(unit.format(), 1, Integer::sum);
      }
      if (value.isIntegralNumber() && field.strings.size() < MAX_STRINGS) {
        field.strings.add(value.asText());
      }
    } else if (value.isTextual()) {
      field.times += isTime(value.textValue()) ? 1 : 0;
      if (field.strings.size() < MAX_STRINGS) {
        field.strings.add(value.textValue());
      }
    }
  }

  private static boolean isTime(String text) {
    try {
      return text.length() < 64 && OffsetDateTime.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** Keeps the first available schema, which represents all events. */
  private void addSchema(byte[] value) {
    SchemaRegistrySettings registry = configured.registry();
    if (schema == null && value[0] == 0 && registry != null) {
      try {
        schema = SchemaRegistryClient.of(registry).schema(ByteBuffer.wrap(value).getInt(1));
      } catch (InvalidRecordException e) {
        // EventSample reports it.
      }
    } else if (schema == null && value[0] != 0) {
      schema = configured.schema();
    }
  }

  private void collect(@Nullable String parent, Schema record, int depth) {
    for (Schema.Field member : record.getFields()) {
      String path = parent == null ? member.name() : parent + '.' + member.name();
      for (Schema branch :
          member.schema().isUnion() ? member.schema().getTypes() : List.of(member.schema())) {
        if (branch.getType() == Schema.Type.RECORD && depth < 4) {
          collect(path, branch, depth + 1);
        } else if (fields.size() < MAX_FIELDS) {
          note(fields.computeIfAbsent(path, absent -> new FieldStatistics()), branch);
        }
      }
    }
  }

  private static void note(FieldStatistics field, Schema schema) {
    LogicalType type = schema.getLogicalType();
    String logical = type == null ? "" : type.getName();
    switch (schema.getType()) {
      case INT, LONG -> {
        field.numbers++;
        if (logical.startsWith("timestamp-")) {
          field.units.put(TimestampFormat.AUTO, 1);
        }
      }
      case FLOAT, DOUBLE -> {
        field.numbers++;
        field.fractions++;
      }
      case BYTES, FIXED -> field.fractions += logical.equals("decimal") ? 1 : 0;
      case STRING, ENUM -> field.strings.add("");
      default -> {}
    }
  }

  /** Returns the format of at least half of the records; null if none exists. */
  @Nullable EventFormat format() {
    int max = Math.max(numbers, Math.max(objects, framed));
    if (max == 0 || 2 * max < records) {
      return null;
    }
    return max == numbers
        ? EventFormat.NUMBER
        : max == objects ? EventFormat.JSON : EventFormat.AVRO;
  }

  /** Returns the most likely mapping; null if none exists. */
  public @Nullable EventMapping mapping() {
    EventFormat format = format();
    if (format == null || format == EventFormat.NUMBER) {
      return format == null ? null : EventMapping.defaults(format, List.of());
    }
    if (format == EventFormat.AVRO) {
      if (schema == null || schema.getFullName().equals("io.eddy.codec.avro.SensorEvent")) {
        return EventMapping.defaults(format, List.of());
      }
      collect(null, schema, 0);
    }
    EventEncoding encoding =
        format == EventFormat.AVRO
            ? new EventEncoding(format, configured.schema(), false, configured.registry())
            : EventEncoding.of(format);
    List<String> keys = keyed == records ? List.of() : keys();
    EventTime time = time();
    List<String> values = values(keys, time);
    return values.isEmpty()
        ? null
        : new EventMapping(encoding, new SeriesKey(keys, "/"), time, values, List.of());
  }

  private EventTime time() {
    String best = null;
    int rank = 0;
    for (Map.Entry<String, FieldStatistics> candidate : fields.entrySet()) {
      boolean isTime = candidate.getValue().times > 0 || !candidate.getValue().units.isEmpty();
      int points =
          (isTime ? 1 : 0) + (isTime && TIMESTAMP_NAMES.contains(last(candidate.getKey())) ? 2 : 0);
      if (points > rank) {
        best = candidate.getKey();
        rank = points;
      }
    }
    if (best == null) {
      return EventTime.RECORD_TIMESTAMP;
    }
    FieldStatistics field = Objects.requireNonNull(fields.get(best));
    TimestampFormat unit =
        field.units.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(TimestampFormat.ISO_8601);
    boolean isDefault =
        best.equals("timestamp")
            && (unit.equals(TimestampFormat.MS) || unit.equals(TimestampFormat.ISO_8601));
    return isDefault
        ? EventTime.DEFAULT
        : EventTime.ofField(best, unit.equals(TimestampFormat.MS) ? TimestampFormat.AUTO : unit);
  }

  private List<String> keys() {
    return fields.entrySet().stream()
        .filter(
            candidate ->
                !candidate.getValue().strings.isEmpty() && candidate.getValue().fractions == 0)
        .filter(candidate -> candidate.getValue().times == 0)
        .map(Map.Entry::getKey)
        .filter(path -> KEY_NAMES.contains(last(path)))
        .limit(3)
        .toList();
  }

  /** Returns the field "value", otherwise all fractional numbers, otherwise all numbers. */
  private List<String> values(List<String> keys, EventTime time) {
    if (fields.containsKey(EventMapping.VALUE)) {
      return List.of(EventMapping.VALUE);
    }
    List<String> numbers = new ArrayList<>();
    List<String> fractions = new ArrayList<>();
    fields.forEach(
        (path, field) -> {
          boolean isOther = path.equals(time.field()) || keys.contains(path) || path.contains("/");
          if (!isOther && field.numbers + field.fractions > 0 && field.times == 0) {
            numbers.add(path);
            if (field.fractions > 0) {
              fractions.add(path);
            }
          }
        });
    List<String> chosen = fractions.isEmpty() ? numbers : fractions;
    return chosen.subList(0, Math.min(chosen.size(), EventMapping.MAX_VALUES));
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
