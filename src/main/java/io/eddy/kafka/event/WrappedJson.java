package io.eddy.kafka.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.eddy.kafka.schema.RegisteredSchema;
import io.eddy.kafka.schema.SchemaFrame;
import io.eddy.kafka.schema.SchemaId;
import io.eddy.kafka.schema.SchemaRegistryClient;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON events in the forms in which serializers wrap them:
 *
 * <ul>
 *   <li>with the id of a JSON Schema in a registry, before the value or in a header
 *   <li>as the field {@code payload} beside a {@code schema}, by Kafka Connect's {@code
 *       JsonConverter}; mapped fields are those of the payload, with or without {@code payload.}
 * </ul>
 *
 * All other events pass unchanged.
 */
final class WrappedJson {
  private static final String PAYLOAD = "payload";
  private static final int MAX_TYPES = 1000;
  private static final ObjectMapper TREES = new ObjectMapper(JsonEvents.FACTORY);

  private final JsonEvents events;
  private final @Nullable SchemaRegistrySettings registry;
  private final boolean readsPayloadField;
  private final Map<SchemaId, ConnectType> types = new HashMap<>();
  private byte[] lastSchema = {};
  private @Nullable ConnectType lastType;

  WrappedJson(EventMapping mapping, JsonEvents events) {
    this.events = events;
    registry = mapping.encoding().registry();
    readsPayloadField =
        mapping.values().stream()
            .anyMatch(path -> path.equals(PAYLOAD) || path.startsWith(PAYLOAD + '.'));
  }

  /** Reads the mapped fields of an event into {@code fields}. */
  void read(byte[] value, Headers headers, EventFields fields) {
    SchemaFrame frame = registry == null ? null : SchemaFrame.of(value, headers, registry);
    if (frame != null) {
      read(frame, value, fields);
    } else if (value.length > 0 && value[0] == 0) {
      throw new InvalidRecordException(
          registry == null
              ? "not valid JSON: the value begins with 00, as before the id of a schema: set"
                  + " schema.registry.url"
              : "not valid JSON: expected an object, or 00, the id of a schema and an object");
    } else if (!isEnvelope(value) || !readEnvelope(value, fields)) {
      events.read(value, fields);
    }
  }

  private void read(SchemaFrame frame, byte[] value, EventFields fields) {
    byte[] body = Arrays.copyOfRange(value, frame.bodyOffset(), value.length);
    ConnectType type = type(frame.id());
    if (type.isPlain()) {
      events.read(body, fields);
      return;
    }
    try (JsonParser in = JsonEvents.FACTORY.createParser(body);
        TokenBuffer out = new TokenBuffer(in)) {
      in.nextToken();
      type.copy(in, out);
      requireEnd(in);
      events.read(out.asParser(), fields);
    } catch (IOException e) {
      throw JsonEvents.invalid(e);
    }
  }

  private ConnectType type(SchemaId id) {
    ConnectType known = types.get(id);
    if (known == null) {
      RegisteredSchema schema =
          SchemaRegistryClient.of(java.util.Objects.requireNonNull(registry)).jsonSchema(id);
      known = JsonSchemaTypes.of(schema);
      if (types.size() >= MAX_TYPES) {
        types.clear();
      }
      types.put(id, known);
    }
    return known;
  }

  /** Returns whether the first field has the name "schema". */
  private static boolean isEnvelope(byte[] value) {
    int at = skipSpace(value, 0);
    if (at >= value.length || value[at] != '{') {
      return false;
    }
    at = skipSpace(value, at + 1);
    byte[] name = {'"', 's', 'c', 'h', 'e', 'm', 'a', '"'};
    return value.length - at > name.length
        && Arrays.equals(value, at, at + name.length, name, 0, name.length);
  }

  private static int skipSpace(byte[] value, int from) {
    int at = from;
    while (at < value.length
        && (value[at] == ' ' || value[at] == '\n' || value[at] == '\r' || value[at] == '\t')) {
      at++;
    }
    return at;
  }

  /** Reads the payload of an envelope; returns false if the event is no envelope. */
  private boolean readEnvelope(byte[] value, EventFields fields) {
    try (JsonParser in = JsonEvents.FACTORY.createParser(value);
        TokenBuffer out = new TokenBuffer(in)) {
      in.nextToken();
      in.nextToken();
      JsonToken schema = in.nextToken();
      boolean isSchema = schema == JsonToken.START_OBJECT || schema == JsonToken.VALUE_NULL;
      ConnectType type = isSchema ? schemaType(in, value) : null;
      if (type == null
          || in.nextToken() != JsonToken.FIELD_NAME
          || !PAYLOAD.equals(in.currentName())) {
        return false;
      }
      in.nextToken();
      if (readsPayloadField) {
        out.writeStartObject();
        out.writeFieldName(PAYLOAD);
        type.copy(in, out);
        out.writeEndObject();
      } else {
        type.copy(in, out);
      }
      if (in.nextToken() != JsonToken.END_OBJECT) {
        return false;
      }
      requireEnd(in);
      events.read(out.asParser(), fields);
      return true;
    } catch (IOException e) {
      throw JsonEvents.invalid(e);
    }
  }

  /**
   * Skips the schema of an envelope and returns its type; null if it is no schema. Events of a
   * topic usually have the same schema, so the last one is kept.
   */
  private @Nullable ConnectType schemaType(JsonParser in, byte[] value) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return ConnectType.Plain.INSTANCE;
    }
    int from = (int) in.currentTokenLocation().getByteOffset();
    in.skipChildren();
    int end = (int) in.currentLocation().getByteOffset();
    if (!Arrays.equals(value, from, end, lastSchema, 0, lastSchema.length)) {
      JsonNode schema = TREES.readTree(value, from, end - from);
      lastType = schema.path("type").isTextual() ? ConnectType.ofSchema(schema) : null;
      lastSchema = Arrays.copyOfRange(value, from, end);
    }
    return lastType;
  }

  private static void requireEnd(JsonParser in) throws IOException {
    if (in.nextToken() != null) {
      throw new InvalidRecordException("expected a single JSON object, got trailing content");
    }
  }
}
