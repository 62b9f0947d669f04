package io.eddy.kafka.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A type that Kafka Connect states beside a JSON value: in the schema of {@code JsonConverter}, or
 * in a JSON Schema written by a converter. Only what changes the meaning of JSON matters here:
 * decimals in base64, and numbers that are times.
 */
sealed interface ConnectType {
  /** Copies the current value of a parser, with numbers and times in place of their encodings. */
  void copy(JsonParser in, JsonGenerator out) throws IOException;

  /** Returns whether copying changes nothing. */
  default boolean isPlain() {
    return this == Plain.INSTANCE;
  }

  /** The type of a value that JSON represents by itself. */
  enum Plain implements ConnectType {
    INSTANCE;

    @Override
    public void copy(JsonParser in, JsonGenerator out) throws IOException {
      out.copyCurrentStructure(in);
    }
  }

  /** A decimal, encoded in base64. */
  record Decimal(int scale) implements ConnectType {
    @Override
    public void copy(JsonParser in, JsonGenerator out) throws IOException {
      BigDecimal number =
          in.currentToken() == JsonToken.VALUE_STRING
              ? ConnectDecimals.ofBase64(in.getText(), scale)
              : null;
      if (number == null) {
        out.copyCurrentStructure(in);
      } else {
        out.writeNumber(number);
      }
    }
  }

  /** A time, encoded as a number. */
  record Time(LogicalTime type) implements ConnectType {
    @Override
    public void copy(JsonParser in, JsonGenerator out) throws IOException {
      if (in.currentToken() == JsonToken.VALUE_NUMBER_INT) {
        out.writeEmbeddedObject(new TypedTime(type, in.getLongValue()));
      } else {
        out.copyCurrentStructure(in);
      }
    }
  }

  /** A structure. */
  record Struct(Map<String, ConnectType> fields) implements ConnectType {
    @Override
    public void copy(JsonParser in, JsonGenerator out) throws IOException {
      if (in.currentToken() != JsonToken.START_OBJECT) {
        out.copyCurrentStructure(in);
        return;
      }
      out.writeStartObject();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        out.writeFieldName(name);
        in.nextToken();
        fields.getOrDefault(name, Plain.INSTANCE).copy(in, out);
      }
      out.writeEndObject();
    }
  }

  /** A list, or a map from names. */
  record Items(ConnectType item) implements ConnectType {
    @Override
    public void copy(JsonParser in, JsonGenerator out) throws IOException {
      if (in.currentToken() == JsonToken.START_ARRAY) {
        out.writeStartArray();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          item.copy(in, out);
        }
        out.writeEndArray();
      } else if (in.currentToken() == JsonToken.START_OBJECT) {
        out.writeStartObject();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          out.writeFieldName(in.currentName());
          in.nextToken();
          item.copy(in, out);
        }
        out.writeEndObject();
      } else {
        out.copyCurrentStructure(in);
      }
    }
  }

  /**
   * Returns the type that a schema of {@code JsonConverter} describes.
   *
   * @throws InvalidRecordException if a decimal lacks its scale
   */
  static ConnectType ofSchema(JsonNode schema) {
    ConnectType named = named(schema.path("name").asText(), schema.path("parameters"));
    if (named != null) {
      return named;
    }
    return switch (schema.path("type").asText()) {
      case "struct" -> {
        Map<String, ConnectType> fields = new HashMap<>();
        for (JsonNode field : schema.path("fields")) {
          fields.put(field.path("field").asText(), ofSchema(field));
        }
        yield struct(fields);
      }
      case "array" -> items(ofSchema(schema.path("items")));
      case "map" -> items(ofSchema(schema.path("values")));
      default -> Plain.INSTANCE;
    };
  }

  /** Returns the type with a name; null if the name does not change the meaning of a value. */
  static @Nullable ConnectType named(String name, JsonNode parameters) {
    if (name.equals(ConnectDecimals.DECIMAL)) {
      try {
        return new Decimal(Integer.parseInt(parameters.path("scale").asText()));
      } catch (NumberFormatException e) {
        throw new InvalidRecordException("the schema has a decimal without a scale");
      }
    }
    LogicalTime time = name.contains(".") ? LogicalTime.of(name) : null;
    return time == null ? null : new Time(time);
  }

  /** Returns a structure; plain if all its fields are. */
  static ConnectType struct(Map<String, ConnectType> fields) {
    fields.values().removeIf(ConnectType::isPlain);
    return fields.isEmpty() ? Plain.INSTANCE : new Struct(Map.copyOf(fields));
  }

  /** Returns a list or a map; plain if its items are. */
  static ConnectType items(ConnectType item) {
    return item.isPlain() ? Plain.INSTANCE : new Items(item);
  }
}
