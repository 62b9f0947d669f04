package io.eddy.kafka.event;

import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.TimestampWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writes an observation as a record of the user's schema with the mapped fields. Other fields get
 * their defaults, or null if they are nullable.
 */
final class AvroWriter {
  private final EventMapping mapping;
  private final Schema schema;
  private final GenericDatumWriter<GenericRecord> writer;

  AvroWriter(EventMapping mapping, Schema schema) {
    this.mapping = mapping;
    this.schema = schema;
    writer = new GenericDatumWriter<>(schema);
  }

  /**
   * Returns the binary encoding.
   *
   * @throws IllegalArgumentException if the schema cannot represent the observation
   */
  byte[] write(EventEncoder.EventValue value) {
    Map<String, Object> values = values(value);
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      writer.write(record(schema, null, values), encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException | AvroRuntimeException | ClassCastException e) {
      throw new IllegalArgumentException(
          "cannot write an event of schema %s: %s".formatted(schema.getFullName(), e.getMessage()),
          e);
    }
  }

  private Map<String, Object> values(EventEncoder.EventValue value) {
    Observation observation = value.observation();
    Map<String, Object> values = new HashMap<>(observation.covariates().values());
    values.putAll(mapping.key().valueParts(value.key()));
    if (mapping.time().field() != null) {
      values.put(mapping.time().field(), Instant.ofEpochMilli(observation.timestampMs()));
    }
    values.put(value.field(), observation.value());
    return values;
  }

  private GenericRecord record(Schema record, @Nullable String parent, Map<String, Object> values) {
    GenericRecord result = new GenericData.Record(record);
    for (Schema.Field field : record.getFields()) {
      String path = parent == null ? field.name() : parent + '.' + field.name();
      result.put(field.pos(), value(field, path, values));
    }
    return result;
  }

  private @Nullable Object value(Schema.Field field, String path, Map<String, Object> values) {
    Object given = values.get(path);
    if (given != null) {
      return convert(field.schema(), path, given);
    }
    String element = path + FieldPath.LIST;
    Schema list = branch(field.schema(), Schema.Type.ARRAY);
    if (list != null && isParent(element, values)) {
      Schema item = branch(list.getElementType(), Schema.Type.RECORD);
      if (item != null) {
        return List.of(record(item, element, values));
      }
    }
    if (list != null && values.get(element) != null) {
      return List.of(
          convert(list.getElementType(), element, Objects.requireNonNull(values.get(element))));
    }
    boolean isParent = isParent(path, values);
    Schema schema = field.schema();
    if (isParent) {
      Schema record = branch(schema, Schema.Type.RECORD);
      if (record != null) {
        return record(record, path, values);
      }
      Schema map = branch(schema, Schema.Type.MAP);
      if (map != null) {
        return entries(map, path, values);
      }
    }
    if (field.hasDefaultValue()) {
      return GenericData.get().getDefaultValue(field);
    }
    if (branch(schema, Schema.Type.NULL) != null) {
      return null;
    }
    throw new IllegalArgumentException(
        "cannot write an event of schema %s: field %s has no default and is not mapped"
            .formatted(this.schema.getFullName(), path));
  }

  private static boolean isParent(String path, Map<String, Object> values) {
    return values.keySet().stream().anyMatch(name -> name.startsWith(path + '.'));
  }

  private Map<String, Object> entries(Schema map, String path, Map<String, Object> values) {
    Map<String, Object> entries = new HashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(path + '.')) {
            entries.put(
                name.substring(path.length() + 1), convert(map.getValueType(), name, value));
          }
        });
    return entries;
  }

  private static @Nullable Schema branch(Schema schema, Schema.Type type) {
    List<Schema> branches = schema.isUnion() ? schema.getTypes() : List.of(schema);
    return branches.stream()
        .filter(candidate -> candidate.getType() == type)
        .findFirst()
        .orElse(null);
  }

  private Object convert(Schema schema, String path, Object value) {
    List<Schema> branches = schema.isUnion() ? schema.getTypes() : List.of(schema);
    List<Schema.Type> types = new ArrayList<>();
    for (Schema branch : branches) {
      Object converted =
          value instanceof Instant time
              ? time(branch, time)
              : value instanceof Double number ? number(branch, number) : text(branch, value);
      if (converted != null) {
        return converted;
      }
      types.add(branch.getType());
    }
    throw new IllegalArgumentException(
        "cannot write an event of schema %s: field %s has type %s"
            .formatted(this.schema.getFullName(), path, types));
  }

  /** Returns a time as a value of a schema; null if the schema has another type. */
  private @Nullable Object time(Schema schema, Instant time) {
    LogicalTime type = LogicalTime.of(schema);
    TimestampFormat format = type == null ? mapping.time().format() : type.format();
    if (format == null) {
      return null;
    }
    Object written = new TimestampWriter(format, mapping.time().zone()).write(time.toEpochMilli());
    return switch (schema.getType()) {
      case LONG -> written instanceof Long number ? number : null;
      case INT ->
          written instanceof Long number && number == number.intValue() ? number.intValue() : null;
      case DOUBLE -> written instanceof Number number ? number.doubleValue() : null;
      case STRING -> written instanceof String ? written : time.toString();
      default -> null;
    };
  }

  private static @Nullable Object number(Schema schema, double number) {
    LogicalType type = schema.getLogicalType();
    return switch (schema.getType()) {
      case DOUBLE -> number;
      case FLOAT -> (float) number;
      case INT -> number == (int) number ? (Object) (int) number : null;
      case LONG -> number == (long) number ? (Object) (long) number : null;
      case STRING -> Double.toString(number);
      case BYTES ->
          type instanceof LogicalTypes.Decimal decimal
              ? ByteBuffer.wrap(
                  BigDecimal.valueOf(number)
                      .setScale(decimal.getScale(), RoundingMode.HALF_EVEN)
                      .unscaledValue()
                      .toByteArray())
              : null;
      default -> null;
    };
  }

  static @Nullable Object text(Schema schema, Object value) {
    String text = value.toString();
    return switch (schema.getType()) {
      case STRING -> text;
      case ENUM -> schema.hasEnumSymbol(text) ? new GenericData.EnumSymbol(schema, text) : null;
      case INT, LONG -> {
        try {
          long number = Long.parseLong(text);
          yield schema.getType() == Schema.Type.LONG
              ? (Object) number
              : number == (int) number ? (Object) (int) number : null;
        } catch (NumberFormatException e) {
          yield null;
        }
      }
      default -> null;
    };
  }
}
