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
 * A schema registry's Confluent REST interface: schemas by their ids, and the ids of schemas. What
 * was asked once is kept, since an id never gets another schema; so a registry that is away is only
 * missed for what is new.
 *
 * <p>Tries again for some seconds where the registry does not answer, fewer than a transaction may
 * stay open. Thread-safe; one for each registry.
 */
public final class SchemaRegistryClient {
  /** Length in bytes of the header of the registry's wire format: 00 and the schema's id. */
  public static final int ID_HEADER_BYTES = 5;

  private static final Map<SchemaRegistrySettings, SchemaRegistryClient> CLIENTS =
      new ConcurrentHashMap<>();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long[] WAITS_MS = {100, 300, 900};
  private static final long UNKNOWN_FOR_NS = Duration.ofSeconds(10).toNanos();
  private static final int MOST_UNKNOWN = 1024;
  private static final int LARGEST_ANSWER = 1 << 20;

  private final SchemaRegistrySettings settings;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(PATIENCE).version(HttpClient.Version.HTTP_1_1).build();
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
  private final Map<Integer, Unknown> unknown = new ConcurrentHashMap<>();
  private final Map<SubjectSchema, Integer> ids = new ConcurrentHashMap<>();

  private record SubjectSchema(String subject, Schema schema) {}

  /** An id that names no schema, and until when it is not asked for again. */
  private record Unknown(String why, long untilNs) {}

  private record Answer(int status, String body) {}

  private SchemaRegistryClient(SchemaRegistrySettings settings) {
    this.settings = settings;
  }

  /** The client of a registry. */
  public static SchemaRegistryClient of(SchemaRegistrySettings settings) {
    return CLIENTS.computeIfAbsent(settings, SchemaRegistryClient::new);
  }

  /**
   * The schema of an id.
   *
   * @throws InvalidRecordException where there is none, or it is no Avro schema
   * @throws SchemaRegistryException where the registry does not answer, or refuses
   */
  public Schema schema(int id) {
    Schema known = schemas.get(id);
    return known == null ? ask(id) : known;
  }

  private Schema ask(int id) {
    Unknown before = unknown.get(id);
    if (before != null && System.nanoTime() - before.untilNs < 0) {
      throw new InvalidRecordException("%s", before.why);
    }
    Answer answer = send("GET", "/schemas/ids/" + id, null);
    if (answer.status == 404) {
      throw unknown(id, "the schema registry knows no schema " + id);
    }
    JsonNode node = json(require(answer, "schema " + id));
    String type = node.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw unknown(id, "schema %d of the registry is %s: expected Avro".formatted(id, type));
    }
    try {
      Schema schema = new Schema.Parser().parse(node.path("schema").asText());
      schemas.put(id, schema);
      return schema;
    } catch (AvroRuntimeException e) {
      throw unknown(id, "schema %d of the registry is no Avro schema by itself".formatted(id));
    }
  }

  private InvalidRecordException unknown(int id, String why) {
    if (unknown.size() >= MOST_UNKNOWN) {
      unknown.clear();
    }
    unknown.put(id, new Unknown(why, System.nanoTime() + UNKNOWN_FOR_NS));
    return new InvalidRecordException("%s", why);
  }

  /**
   * The id under which a subject has a schema, which is registered where the settings say so.
   *
   * @throws SchemaRegistryException where the registry does not answer, or refuses, or has it not
   */
  public int id(String subject, Schema schema) {
    SubjectSchema key = new SubjectSchema(subject, schema);
    Integer known = ids.get(key);
    if (known != null) {
      return known;
    }
    String path = "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8);
    String body = JSON.createObjectNode().put("schema", schema.toString()).toString();
    Answer answer = send("POST", settings.registers() ? path + "/versions" : path, body);
    if (answer.status == 404 && !settings.registers()) {
      throw new SchemaRegistryException(
          "the schema registry at %s has not the schema %s under %s: register it, or set"
                  .formatted(settings, schema.getFullName(), subject)
              + " schema.registry.register=true");
    }
    JsonNode id = json(require(answer, "subject " + subject)).path("id");
    if (!id.isInt()) {
      throw new SchemaRegistryException(
          "the schema registry at %s gave subject %s no id".formatted(settings, subject));
    }
    ids.put(key, id.intValue());
    return id.intValue();
  }

  private String require(Answer answer, String what) {
    if (answer.status / 100 == 2) {
      return answer.body;
    }
    String hint =
        answer.status == 401 || answer.status == 403
            ? ": see schema.registry.user-info and schema.registry.bearer-token"
            : "";
    throw new SchemaRegistryException(
        "the schema registry at %s refuses %s: status %d%s"
            .formatted(settings, what, answer.status, hint));
  }

  private JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new SchemaRegistryException(
          "%s answers what is no JSON: is it a schema registry's?".formatted(settings), e);
    }
  }

  private Answer send(String method, String path, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(settings.url() + path))
            .timeout(PATIENCE)
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

  private Answer send(HttpRequest request) {
    for (int attempt = 0; ; attempt++) {
      String failure;
      try {
        HttpResponse<InputStream> response =
            http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
          byte[] bytes = in.readNBytes(LARGEST_ANSWER + 1);
          if (bytes.length > LARGEST_ANSWER) {
            throw new SchemaRegistryException(
                "the schema registry at %s answers more than %d bytes"
                    .formatted(settings, LARGEST_ANSWER));
          }
          if (response.statusCode() < 500) {
            return new Answer(response.statusCode(), new String(bytes, StandardCharsets.UTF_8));
          }
          failure = "status " + response.statusCode();
        }
      } catch (IOException e) {
        failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SchemaRegistryException("interrupted", e);
      }
      if (attempt == WAITS_MS.length) {
        throw new SchemaRegistryException(
            "the schema registry at %s does not answer (%s): start it, or see schema.registry.url"
                .formatted(settings, failure));
      }
      LockSupport.parkNanos(WAITS_MS[attempt] * 1_000_000);
    }
  }
}
