package io.eddy.kafka.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.series.InvalidRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * JSON encoding of a record, an object with the schema's field names. Timestamps are in ISO-8601,
 * fixed bytes in hexadecimal, and non-finite numbers null. Floats are written with enough digits to
 * restore the same bits.
 *
 * @param <T> a generated record class
 */
final class RecordJson<T extends SpecificRecordBase> {
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxDocumentLength(16 << 20)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private final Schema schema;

  RecordJson(Schema schema) {
    this.schema = schema;
  }

  byte[] encode(T message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      write(json, schema, message);
    } catch (IOException e) {
      throw new IllegalStateException("an in-memory buffer does not fail", e);
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, Schema schema, @Nullable Object value)
      throws IOException {
    switch (schema.getType()) {
      case RECORD -> {
        json.writeStartObject();
        SpecificRecordBase record = (SpecificRecordBase) required(value);
        for (Schema.Field field : schema.getFields()) {
          json.writeFieldName(field.name());
          write(json, field.schema(), record.get(field.pos()));
        }
        json.writeEndObject();
      }
      case ARRAY -> {
        json.writeStartArray();
        for (Object item : (Collection<?>) required(value)) {
          write(json, schema.getElementType(), item);
        }
        json.writeEndArray();
      }
      case MAP -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) required(value)).entrySet()) {
          json.writeFieldName(entry.getKey().toString());
          write(json, schema.getValueType(), entry.getValue());
        }
        json.writeEndObject();
      }
      case UNION -> {
        if (value == null) {
          json.writeNull();
        } else {
          write(json, present(schema), value);
        }
      }
      case FIXED ->
          json.writeString(HexFormat.of().formatHex(((GenericFixed) required(value)).bytes()));
      default -> writeScalar(json, value);
    }
  }

  private static void writeScalar(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof Float number) {
      if (Float.isFinite(number)) {
        json.writeNumber(number);
      } else {
        json.writeNull();
      }
    } else if (value instanceof Double number) {
      if (Double.isFinite(number)) {
        json.writeNumber(number);
      } else {
        json.writeNull();
      }
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else {
      json.writeString(String.valueOf(value));
    }
  }

  /**
   * Decodes a record.
   *
   * @throws InvalidRecordException if the bytes are not such a record
   */
  @SuppressWarnings("unchecked")
  T decode(byte[] bytes) {
    try {
      JsonNode node = JSON.readTree(bytes);
      return (T) record(schema, require(node.isObject(), node, schema.getName(), "an object"));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      throw new InvalidRecordException(
          "not a %s in JSON: %s", schema.getName(), String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Object read(Schema schema, JsonNode node, String name) {
    return switch (schema.getType()) {
      case RECORD -> record(schema, require(node.isObject(), node, name, "an object"));
      case ARRAY -> {
        List<@Nullable Object> items = new ArrayList<>(node.size());
        require(node.isArray(), node, name, "a list")
            .forEach(item -> items.add(read(schema.getElementType(), item, name)));
        yield items;
      }
      case MAP -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        require(node.isObject(), node, name, "an object")
            .properties()
            .forEach(
                entry ->
                    entries.put(
                        entry.getKey(), read(schema.getValueType(), entry.getValue(), name)));
        yield entries;
      }
      case UNION -> node.isNull() ? null : read(present(schema), node, name);
      case FIXED -> {
        byte[] bytes = HexFormat.of().parseHex(text(node, name));
        require(bytes.length == schema.getFixedSize(), node, name, "bytes of the fixed size");
        yield SpecificData.get().createFixed(null, bytes, schema);
      }
      case FLOAT -> node.isNull() ? Float.NaN : Float.parseFloat(number(node, name));
      case DOUBLE -> node.isNull() ? Double.NaN : Double.parseDouble(number(node, name));
      case INT -> require(node.isInt(), node, name, "an integer").intValue();
      case LONG ->
          schema.getLogicalType() instanceof LogicalTypes.TimestampMillis
              ? Instant.parse(text(node, name))
              : (Object) require(node.isIntegralNumber(), node, name, "an integer").longValue();
      case BOOLEAN -> require(node.isBoolean(), node, name, "true or false").booleanValue();
      case ENUM -> SpecificData.get().createEnum(text(node, name), schema);
      case STRING -> text(node, name);
      case BYTES, NULL -> throw new IllegalStateException("unexpected field type " + schema);
    };
  }

  private static Object record(Schema schema, JsonNode node) {
    SpecificRecordBase record = (SpecificRecordBase) SpecificData.get().newRecord(null, schema);
    for (Schema.Field field : schema.getFields()) {
      JsonNode value = node.get(field.name());
      record.put(
          field.pos(),
          value == null && field.hasDefaultValue()
              ? SpecificData.get().getDefaultValue(field)
              : read(field.schema(), value == null ? JSON.missingNode() : value, field.name()));
    }
    return record;
  }

  /** Returns the digits as written; a conversion through double could change a float's bits. */
  private static String number(JsonNode node, String name) {
    return require(node.isNumber(), node, name, "a number").asText();
  }

  private static String text(JsonNode node, String name) {
    return require(node.isTextual(), node, name, "a string").textValue();
  }

  private static JsonNode require(boolean condition, JsonNode node, String name, String expected) {
    if (!condition) {
      throw new IllegalArgumentException(
          "field %s: expected %s, got %s"
              .formatted(name, expected, node.isMissingNode() ? "nothing" : node.getNodeType()));
    }
    return node;
  }

  private static Schema present(Schema union) {
    return union.getTypes().stream()
        .filter(branch -> branch.getType() != Schema.Type.NULL)
        .findFirst()
        .orElseThrow();
  }

  private static Object required(@Nullable Object value) {
    return java.util.Objects.requireNonNull(value);
  }
}
