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
import io.eddy.kafka.event.TimestampFormat;
import io.eddy.kafka.schema.SchemaRegistryClient;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.series.InvalidRecordException;
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
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the events of a sample seem to be: their format by what most of them can be read as, and of
 * JSON and Avro which fields are the time, the values and the key, by their names and what stands
 * in them.
 */
public final class EventMappingDetector {
  private static final int MOST_LOOKED_AT = 1000;
  private static final int MOST_FIELDS = 200;
  private static final int MOST_TEXTS = 64;
  private static final double YEAR_1990_S = 631_152_000;
  private static final double YEAR_2100_S = 4_102_444_800d;
  private static final Set<String> TIMES =
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
  private static final Set<String> KEYS =
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

  private final Map<String, Leaf> leaves = new LinkedHashMap<>();
  private final EventEncoding configured;
  private int looked;
  private int keyed;
  private int numbers;
  private int objects;
  private int framed;
  private @Nullable Schema schema;

  /** A field that is no object, as it was found. */
  private static final class Leaf {
    int numbers;
    int fractions;
    int times;
    final Map<TimestampFormat, Integer> units = new LinkedHashMap<>();
    final Set<String> texts = new HashSet<>();
  }

  /**
   * Nothing seen yet.
   *
   * @param configured schemas and registry that may be asked
   */
  public EventMappingDetector(EventEncoding configured) {
    this.configured = configured;
  }

  /** Looks at a record. */
  public void add(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value == null || looked >= MOST_LOOKED_AT) {
      return;
    }
    looked++;
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
      // It is told of as a dead letter.
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
                  && (leaves.containsKey(path) || leaves.size() < MOST_FIELDS)) {
                note(leaves.computeIfAbsent(path, absent -> new Leaf()), entry.getValue());
              }
            });
  }

  private static void note(Leaf leaf, JsonNode value) {
    if (value.isNumber()) {
      leaf.numbers++;
      leaf.fractions += value.isIntegralNumber() ? 0 : 1;
      TimestampFormat unit = unit(value.doubleValue());
      if (unit != null) {
        leaf.units.merge(unit, 1, Integer::sum);
      }
      if (value.isIntegralNumber() && leaf.texts.size() < MOST_TEXTS) {
        leaf.texts.add(value.asText());
      }
    } else if (value.isTextual()) {
      leaf.times += isTime(value.textValue()) ? 1 : 0;
      if (leaf.texts.size() < MOST_TEXTS) {
        leaf.texts.add(value.textValue());
      }
    }
  }

  /** The unit in which a number is a time of our days; null where it is none. */
  private static @Nullable TimestampFormat unit(double number) {
    double scale = 1;
    for (TimestampFormat unit :
        List.of(TimestampFormat.S, TimestampFormat.MS, TimestampFormat.US, TimestampFormat.NS)) {
      if (number >= YEAR_1990_S * scale && number < YEAR_2100_S * scale) {
        return unit;
      }
      scale *= 1000;
    }
    return null;
  }

  private static boolean isTime(String text) {
    try {
      return text.length() < 64 && OffsetDateTime.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** The fields of the first schema that is to be had stand for those of all. */
  private void addSchema(byte[] value) {
    SchemaRegistrySettings registry = configured.registry();
    if (schema == null && value[0] == 0 && registry != null) {
      try {
        schema = SchemaRegistryClient.of(registry).schema(ByteBuffer.wrap(value).getInt(1));
      } catch (InvalidRecordException e) {
        // It is told of as a dead letter.
      }
    } else if (schema == null && value[0] != 0) {
      schema = configured.schema();
    }
  }

  private void collect(@Nullable String parent, Schema record, int depth) {
    for (Schema.Field field : record.getFields()) {
      String path = parent == null ? field.name() : parent + '.' + field.name();
      for (Schema branch :
          field.schema().isUnion() ? field.schema().getTypes() : List.of(field.schema())) {
        if (branch.getType() == Schema.Type.RECORD && depth < 4) {
          collect(path, branch, depth + 1);
        } else if (leaves.size() < MOST_FIELDS) {
          note(leaves.computeIfAbsent(path, absent -> new Leaf()), branch);
        }
      }
    }
  }

  private static void note(Leaf leaf, Schema schema) {
    LogicalType type = schema.getLogicalType();
    String logical = type == null ? "" : type.getName();
    switch (schema.getType()) {
      case INT, LONG -> {
        leaf.numbers++;
        if (logical.startsWith("timestamp-")) {
          leaf.units.put(TimestampFormat.AUTO, 1);
        }
      }
      case FLOAT, DOUBLE -> {
        leaf.numbers++;
        leaf.fractions++;
      }
      case BYTES, FIXED -> leaf.fractions += logical.equals("decimal") ? 1 : 0;
      case STRING, ENUM -> leaf.texts.add("");
      default -> {}
    }
  }

  /** How many records were looked at. */
  int size() {
    return looked;
  }

  /** The format that most have; null where none has most. */
  @Nullable EventFormat format() {
    int most = Math.max(numbers, Math.max(objects, framed));
    if (most == 0 || 2 * most < looked) {
      return null;
    }
    return most == numbers
        ? EventFormat.NUMBER
        : most == objects ? EventFormat.JSON : EventFormat.AVRO;
  }

  /** The mapping that seems right; null where nothing does. */
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
    EventEncoding form =
        format == EventFormat.AVRO
            ? new EventEncoding(format, configured.schema(), false, configured.registry())
            : EventEncoding.of(format);
    List<String> keys = keyed == looked ? List.of() : keys();
    EventTime time = time();
    List<String> values = values(keys, time);
    return values.isEmpty()
        ? null
        : new EventMapping(form, new SeriesKey(keys, "/"), time, values, List.of());
  }

  private EventTime time() {
    String best = null;
    int rank = 0;
    for (Map.Entry<String, Leaf> one : leaves.entrySet()) {
      boolean isTime = one.getValue().times > 0 || !one.getValue().units.isEmpty();
      int points = (isTime ? 1 : 0) + (isTime && TIMES.contains(last(one.getKey())) ? 2 : 0);
      if (points > rank) {
        best = one.getKey();
        rank = points;
      }
    }
    if (best == null) {
      return EventTime.RECORD_TIMESTAMP;
    }
    Leaf leaf = java.util.Objects.requireNonNull(leaves.get(best));
    TimestampFormat unit =
        leaf.units.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(TimestampFormat.ISO_8601);
    boolean isUsual =
        best.equals("timestamp")
            && (unit == TimestampFormat.MS || unit == TimestampFormat.ISO_8601);
    return isUsual
        ? EventTime.DEFAULT
        : EventTime.ofField(best, unit == TimestampFormat.MS ? TimestampFormat.AUTO : unit);
  }

  private List<String> keys() {
    return leaves.entrySet().stream()
        .filter(one -> !one.getValue().texts.isEmpty() && one.getValue().fractions == 0)
        .filter(one -> one.getValue().times == 0)
        .map(Map.Entry::getKey)
        .filter(path -> KEYS.contains(last(path)))
        .limit(3)
        .toList();
  }

  /** The field value; or else all numbers that have fractions; or else all that are numbers. */
  private List<String> values(List<String> keys, EventTime time) {
    if (leaves.containsKey(EventMapping.VALUE)) {
      return List.of(EventMapping.VALUE);
    }
    List<String> numbers = new ArrayList<>();
    List<String> fractions = new ArrayList<>();
    leaves.forEach(
        (path, leaf) -> {
          boolean isOther = path.equals(time.field()) || keys.contains(path) || path.contains("/");
          if (!isOther && leaf.numbers + leaf.fractions > 0 && leaf.times == 0) {
            numbers.add(path);
            if (leaf.fractions > 0) {
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
