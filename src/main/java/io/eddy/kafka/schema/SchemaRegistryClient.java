package io.eddy.kafka.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Client of a schema registry's Confluent REST interface: looks up schemas by id, and ids by
 * schema. Responses are cached without expiry, because an id never changes its schema. An
 * unavailable registry therefore only affects schemas and ids that were not looked up before.
 *
 * <p>Requests are retried for a few seconds, which is less than a transaction's timeout.
 * Thread-safe; there is one client per registry.
 */
public final class SchemaRegistryClient {
  /** Length of the wire format's header: a zero byte and the schema id, big-endian. */
  public static final int ID_HEADER_BYTES = 5;

  private static final Map<SchemaRegistrySettings, SchemaRegistryClient> CLIENTS =
      new ConcurrentHashMap<>();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final long[] RETRY_DELAYS_MS = {100, 300, 900};
  private static final long UNKNOWN_TTL_NS = Duration.ofSeconds(10).toNanos();
  private static final int MAX_UNKNOWN = 1024;
  private static final int MAX_RESPONSE_BYTES = 1 << 20;

  private final SchemaRegistrySettings settings;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).version(HttpClient.Version.HTTP_1_1).build();
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
  private final Map<Integer, Unknown> unknown = new ConcurrentHashMap<>();
  private final Map<SubjectSchema, Integer> ids = new ConcurrentHashMap<>();

  private record SubjectSchema(String subject, Schema schema) {}

  /** An id without an Avro schema, cached until {@code untilNs}. */
  private record Unknown(String reason, long untilNs) {}

  private record Response(int status, String body) {}

  private SchemaRegistryClient(SchemaRegistrySettings settings) {
    this.settings = settings;
  }

  /** Returns the client of a registry. */
  public static SchemaRegistryClient of(SchemaRegistrySettings settings) {
    return CLIENTS.computeIfAbsent(settings, SchemaRegistryClient::new);
  }

  /**
   * Returns the schema with an id.
   *
   * @throws InvalidRecordException if none exists, or it is not a self-contained Avro schema
   * @throws SchemaRegistryException if the registry is unavailable or rejects the request
   */
  public Schema schema(int id) {
    Schema known = schemas.get(id);
    return known == null ? fetch(id) : known;
  }

  private Schema fetch(int id) {
    Unknown cached = unknown.get(id);
    if (cached != null && System.nanoTime() - cached.untilNs < 0) {
      throw new InvalidRecordException("%s", cached.reason);
    }
    Response response = send("GET", "/schemas/ids/" + id, null);
    if (response.status == 404) {
      throw unknown(id, "the schema registry has no schema with id " + id);
    }
    JsonNode node = json(requireOk(response, "schema " + id));
    String type = node.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw unknown(id, "schema %d of the registry: expected Avro, got %s".formatted(id, type));
    }
    try {
      Schema schema = new Schema.Parser().parse(node.path("schema").asText());
      schemas.put(id, schema);
      return schema;
    } catch (AvroRuntimeException e) {
      throw unknown(
          id, "schema %d of the registry: expected a self-contained Avro schema".formatted(id));
    }
  }

  private InvalidRecordException unknown(int id, String reason) {
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
    String path = "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8);
    String body = JSON.createObjectNode().put("schema", schema.toString()).toString();
    Response response = send("POST", settings.registers() ? path + "/versions" : path, body);
    if (response.status == 404 && !settings.registers()) {
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

  private String requireOk(Response response, String request) {
    if (response.status / 100 == 2) {
      return response.body;
    }
    String hint =
        response.status == 401 || response.status == 403
            ? "; check schema.registry.user-info and schema.registry.bearer-token"
            : "";
    throw new SchemaRegistryException(
        "schema registry %s: request for %s failed with status %d%s"
            .formatted(settings, request, response.status, hint));
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

  private Response send(String method, String path, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(settings.url() + path))
            .timeout(TIMEOUT)
            .header("Accept", CONTENT_TYPE + ", application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", CONTENT_TYPE);
    }
    if (settings.authorization() != null) {
      request.header("Authorization", settings.authorization());
    }
    return send(request.build());
  }

  private Response send(HttpRequest request) {
    for (int attempt = 0; ; attempt++) {
      String failure;
      try {
        HttpResponse<InputStream> response =
            http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
          byte[] bytes = in.readNBytes(MAX_RESPONSE_BYTES + 1);
          if (bytes.length > MAX_RESPONSE_BYTES) {
            throw new SchemaRegistryException(
                "schema registry %s: the response has more than %d bytes"
                    .formatted(settings, MAX_RESPONSE_BYTES));
          }
          if (response.statusCode() < 500) {
            return new Response(response.statusCode(), new String(bytes, StandardCharsets.UTF_8));
          }
          failure = "status " + response.statusCode();
        }
      } catch (IOException e) {
        failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SchemaRegistryException("interrupted", e);
      }
      if (attempt == RETRY_DELAYS_MS.length) {
        throw new SchemaRegistryException(
            "schema registry %s is unavailable (%s): start it, or check schema.registry.url"
                .formatted(settings, failure));
      }
      LockSupport.parkNanos(RETRY_DELAYS_MS[attempt] * 1_000_000);
    }
  }
}
