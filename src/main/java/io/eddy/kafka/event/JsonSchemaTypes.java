package io.eddy.kafka.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.kafka.schema.RegisteredSchema;
import io.eddy.series.InvalidRecordException;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the types that Kafka Connect's converter writes into a JSON Schema: their names are titles,
 * the scale of a decimal is one of the {@code connect.parameters}. A reference is followed to a
 * schema in the same document or to one that the registered schema refers to.
 */
final class JsonSchemaTypes {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_DEPTH = 32;

  private final JsonNode root;
  private final Map<String, JsonNode> references = new HashMap<>();

  private JsonSchemaTypes(RegisteredSchema schema) {
    root = parse(schema, schema.text());
    schema
        .references()
        .forEach(reference -> references.put(reference.name(), parse(schema, reference.text())));
  }

  /** Returns the type of events with a schema. */
  static ConnectType of(RegisteredSchema schema) {
    JsonSchemaTypes types = new JsonSchemaTypes(schema);
    return types.type(types.root, types.root, 0);
  }

  private static JsonNode parse(RegisteredSchema schema, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InvalidRecordException(
          "the schema with %s of the registry is not valid JSON", schema.id());
    }
  }

  /**
   * Returns the type that a schema describes.
   *
   * @param document the document of the schema, for references within it
   */
  private ConnectType type(JsonNode schema, JsonNode document, int depth) {
    if (depth > MAX_DEPTH) {
      return ConnectType.Plain.INSTANCE;
    }
    String reference = schema.path("$ref").asText();
    if (!reference.isEmpty()) {
      return referenced(reference, document, depth);
    }
    ConnectType named =
        ConnectType.named(schema.path("title").asText(), schema.path("connect.parameters"));
    if (named != null) {
      return named;
    }
    for (String choice : new String[] {"oneOf", "anyOf", "allOf"}) {
      for (JsonNode option : schema.path(choice)) {
        ConnectType type = type(option, document, depth + 1);
        if (!type.isPlain()) {
          return type;
        }
      }
    }
    if (schema.has("items")) {
      return ConnectType.items(type(schema.path("items"), document, depth + 1));
    }
    if (schema.path("additionalProperties").isObject()) {
      return ConnectType.items(type(schema.path("additionalProperties"), document, depth + 1));
    }
    Map<String, ConnectType> fields = new HashMap<>();
    schema
        .path("properties")
        .properties()
        .forEach(field -> fields.put(field.getKey(), type(field.getValue(), document, depth + 1)));
    return ConnectType.struct(fields);
  }

  private ConnectType referenced(String reference, JsonNode document, int depth) {
    int hash = reference.indexOf('#');
    String name = hash < 0 ? reference : reference.substring(0, hash);
    String pointer = hash < 0 ? "" : reference.substring(hash + 1);
    JsonNode target = name.isEmpty() ? document : references.get(name);
    if (target == null || !(pointer.isEmpty() || pointer.startsWith("/"))) {
      return ConnectType.Plain.INSTANCE;
    }
    return type(target.at(pointer), target, depth + 1);
  }
}
