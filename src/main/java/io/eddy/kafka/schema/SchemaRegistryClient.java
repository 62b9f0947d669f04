package io.eddy.kafka.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.series.InvalidRecordException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * Client of a schema registry's Confluent REST interface: looks up schemas by id, and ids by
 * schema. Responses are cached without expiry, because an id never changes its schema. An
 * unavailable registry therefore only affects schemas and ids that were not looked up before.
 *
 * <p>Apicurio's global ids, which that interface does not know, are translated by Apicurio's own
 * interface. Requests are retried for a few seconds. Thread-safe; there is one client per registry.
 */
public final class SchemaRegistryClient {
  /** Length of the usual header: a zero byte and the schema id, big-endian. */
  public static final int ID_HEADER_BYTES = 5;

  private static final Map<SchemaRegistrySettings, SchemaRegistryClient> CLIENTS =
      new ConcurrentHashMap<>();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long UNKNOWN_TTL_NS = Duration.ofSeconds(10).toNanos();
  private static final int MAX_UNKNOWN = 1024;
  private static final int MAX_REFERENCES = 100;
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  private final SchemaRegistrySettings settings;
  private final RegistryConnection connection;
  private final Map<SchemaId, RegisteredSchema> registered = new ConcurrentHashMap<>();
  private final Map<SchemaId, Schema> avro = new ConcurrentHashMap<>();
  private final Map<SchemaId, ProtobufSchema> protobuf = new ConcurrentHashMap<>();
  private final Map<SchemaId, Unknown> unknown = new ConcurrentHashMap<>();
  private final Map<SubjectSchema, Integer> ids = new ConcurrentHashMap<>();

  private record SubjectSchema(String subject, Schema schema) {}

  /** An id without a usable schema, cached until {@code untilNs}. */
  private record Unknown(String reason, long untilNs) {}

  private SchemaRegistryClient(SchemaRegistrySettings settings) {
    this.settings = settings;
    connection = new RegistryConnection(settings);
  }

  /** Returns the client of a registry. */
  public static SchemaRegistryClient of(SchemaRegistrySettings settings) {
    return CLIENTS.computeIfAbsent(settings, SchemaRegistryClient::new);
  }

  /**
   * Returns an Avro schema by the id of Confluent's interface.
   *
   * @throws InvalidRecordException if none exists
   * @throws SchemaRegistryException if the registry is unavailable or rejects the request
   */
  public Schema schema(long id) {
    return avro(SchemaId.of(id));
  }

  /**
   * Returns an Avro schema, with the types it refers to.
   *
   * @throws InvalidRecordException if none exists
   * @throws SchemaRegistryException if the registry is unavailable or rejects the request
   */
  public Schema avro(SchemaId id) {
    return parsed(avro, id, SchemaType.AVRO, SchemaRegistryClient::parseAvro);
  }

  /**
   * Returns a Protobuf schema, with the files it imports.
   *
   * @throws InvalidRecordException if none exists
   * @throws SchemaRegistryException if the registry is unavailable or rejects the request
   */
  public ProtobufSchema protobuf(SchemaId id) {
    return parsed(protobuf, id, SchemaType.PROTOBUF, ProtobufSchema::parse);
  }

  /**
   * Returns a JSON Schema.
   *
   * @throws InvalidRecordException if none exists
   * @throws SchemaRegistryException if the registry is unavailable or rejects the request
   */
  public RegisteredSchema jsonSchema(SchemaId id) {
    RegisteredSchema schema = registered(id);
    requireType(schema, SchemaType.JSON);
    return schema;
  }

  private <T> T parsed(
      Map<SchemaId, T> cache, SchemaId id, SchemaType type, Function<RegisteredSchema, T> parser) {
    T known = cache.get(id);
    if (known != null) {
      return known;
    }
    requireKnown(id);
    RegisteredSchema schema = registered(id);
    requireType(schema, type);
    try {
      T parsed = parser.apply(schema);
      cache.put(id, parsed);
      return parsed;
    } catch (IllegalArgumentException e) {
      throw unknown(
          id,
          "the schema with %s of the registry is not %s that Eddy can read: %s"
              .formatted(id, type.description(), e.getMessage()));
    }
  }

  private static Schema parseAvro(RegisteredSchema schema) {
    Schema.Parser parser = new Schema.Parser();
    try {
      schema.references().forEach(reference -> parser.parse(reference.text()));
      return parser.parse(schema.text());
    } catch (AvroRuntimeException | NullPointerException e) {
      // The parser throws a NullPointerException for the name of an unknown type alone.
      throw new IllegalArgumentException(
          "it is invalid, or a type in it is not among its references", e);
    }
  }

  private static void requireType(RegisteredSchema schema, SchemaType type) {
    if (schema.type() != type) {
      throw new InvalidRecordException(
          "the schema with %s of the registry is %s, expected %s: set events.format = %s",
          schema.id(), schema.type().description(), type.description(), schema.type().format());
    }
  }

  /**
   * Returns a schema of any type.
   *
   * @throws InvalidRecordException if none exists
   * @throws SchemaRegistryException if the registry is unavailable or rejects the request
   */
  public RegisteredSchema registered(SchemaId id) {
    RegisteredSchema known = registered.get(id);
    return known == null ? fetch(id) : known;
  }

  private RegisteredSchema fetch(SchemaId id) {
    requireKnown(id);
    RegistryConnection.Response response = connection.get(location(id));
    if (response.status() == 404) {
      throw unknown(
          id,
          "the schema registry has no schema with %s: check schema.registry.url%s"
              .formatted(
                  id, id.kind() == SchemaId.Kind.GUID ? "" : " and schema.registry.id-type"));
    }
    JsonNode node = json(requireOk(response, "the schema with " + id));
    String name = node.path("schemaType").asText("AVRO");
    SchemaType type = SchemaType.of(name);
    if (type == null) {
      throw unknown(
          id,
          "the schema with %s of the registry has the type %s: expected AVRO, JSON or PROTOBUF"
              .formatted(id, name));
    }
    Map<String, String> references = new LinkedHashMap<>();
    addReferences(id, node, references);
    RegisteredSchema schema =
        new RegisteredSchema(
            id,
            type,
            node.path("schema").asText(),
            references.entrySet().stream()
                .map(entry -> new RegisteredSchema.Reference(entry.getKey(), entry.getValue()))
                .toList());
    registered.put(id, schema);
    return schema;
  }

  /** Adds the schemas that a schema refers to, each after its own references. */
  private void addReferences(SchemaId id, JsonNode schema, Map<String, String> references) {
    for (JsonNode reference : schema.path("references")) {
      String name = reference.path("name").asText();
      if (references.containsKey(name)) {
        continue;
      }
      if (references.size() >= MAX_REFERENCES) {
        throw unknown(
            id,
            "the schema with %s of the registry has more than %d references"
                .formatted(id, MAX_REFERENCES));
      }
      String subject = reference.path("subject").asText();
      int version = reference.path("version").asInt();
      RegistryConnection.Response response =
          connection.get(uri("/subjects/" + encode(subject) + "/versions/" + version));
      if (response.status() == 404) {
        throw unknown(
            id,
            "the schema with %s of the registry refers to version %d of subject %s, which the registry does not have"
                .formatted(id, version, subject));
      }
      JsonNode referenced = json(requireOk(response, "subject " + subject));
      // Reserves the name, so that a circle of references ends.
      references.put(name, "");
      addReferences(id, referenced, references);
      references.remove(name);
      references.put(name, referenced.path("schema").asText());
    }
  }

  private URI location(SchemaId id) {
    return switch (id.kind()) {
      case CONTENT -> uri("/schemas/ids/" + id.text());
      case GUID -> uri("/schemas/guids/" + id.text());
      case GLOBAL -> uri("/schemas/ids/" + contentId(id));
    };
  }

  /** Translates one of Apicurio's global ids into the content id. */
  private long contentId(SchemaId id) {
    URI search = settings.apicurioSearch(id.low());
    RegistryConnection.Response response = connection.get(search);
    if (response.status() == 404) {
      throw new SchemaRegistryException(
          "schema registry %s: schema.registry.id-type = %s requires Apicurio Registry 3"
              .formatted(settings, SchemaIdType.APICURIO_GLOBAL.id()));
    }
    JsonNode content =
        json(requireOk(response, "the schema with " + id))
            .path("versions")
            .path(0)
            .path("contentId");
    if (!content.isIntegralNumber()) {
      throw unknown(
          id,
          "the schema registry has no schema with %s: check schema.registry.url and schema.registry.id-type"
              .formatted(id));
    }
    return content.longValue();
  }

  private void requireKnown(SchemaId id) {
    Unknown cached = unknown.get(id);
    if (cached != null && System.nanoTime() - cached.untilNs < 0) {
      throw new InvalidRecordException("%s", cached.reason);
    }
  }

  private InvalidRecordException unknown(SchemaId id, String reason) {
    if (unknown.size() >= MAX_UNKNOWN) {
      unknown.clear();
    }
    unknown.put(id, new Unknown(reason, System.nanoTime() + UNKNOWN_TTL_NS));
    return new InvalidRecordException("%s", reason);
  }

  /**
   * Returns the id of a schema under a subject, and registers the schema if the settings allow it.
   *
   * @throws SchemaRegistryException if the registry is unavailable, rejects the request, or does
   *     not have the schema and may not be changed
   */
  public int id(String subject, Schema schema) {
    SubjectSchema key = new SubjectSchema(subject, schema);
    Integer known = ids.get(key);
    if (known != null) {
      return known;
    }
    String path = "/subjects/" + encode(subject);
    String body = JSON.createObjectNode().put("schema", schema.toString()).toString();
    RegistryConnection.Response response =
        connection.post(uri(settings.registers() ? path + "/versions" : path), body);
    if (response.status() == 404 && !settings.registers()) {
      throw new SchemaRegistryException(
          "schema registry %s: subject %s does not have schema %s; register it, or set"
                  .formatted(settings, subject, schema.getFullName())
              + " schema.registry.register=true");
    }
    JsonNode id = json(requireOk(response, "subject " + subject)).path("id");
    if (!id.isInt()) {
      throw new SchemaRegistryException(
          "schema registry %s: the response for subject %s has no id".formatted(settings, subject));
    }
    ids.put(key, id.intValue());
    return id.intValue();
  }

  /**
   * Waits until the registry answers, whatever the answer is.
   *
   * @param isGivenUp asked between two requests
   * @return false if the wait was given up
   */
  public boolean awaitAnswer(BooleanSupplier isGivenUp) {
    while (!isGivenUp.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
      if (connection.answers(uri("/schemas/types"))) {
        return true;
      }
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
    return false;
  }

  private URI uri(String path) {
    return URI.create(settings.url() + path);
  }

  private static String encode(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private String requireOk(RegistryConnection.Response response, String request) {
    if (response.status() / 100 == 2) {
      return response.body();
    }
    String hint =
        response.status() == 401 || response.status() == 403
            ? "; check schema.registry.user-info and schema.registry.bearer-token"
            : "";
    throw new SchemaRegistryException(
        "schema registry %s: request for %s failed with status %d%s"
            .formatted(settings, request, response.status(), hint));
  }

  private JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new SchemaRegistryException(
          "schema registry %s: the response is not JSON; check schema.registry.url"
              .formatted(settings),
          e);
    }
  }
}
