package io.eddy.kafka.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers a registry's requests for schemas, for tables of many schemas. {@code SchemaRegistryIT}
 * reads the same forms from a real registry.
 */
public final class SchemaServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<Integer> USED_PORTS = ConcurrentHashMap.newKeySet();

  private final HttpServer server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();

  public SchemaServer() throws IOException {
    server = withNewPort();
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().toString();
          String answer = answers.getOrDefault(path, path.contains("/search/") ? "{}" : null);
          byte[] body = (answer == null ? "{}" : answer).getBytes(UTF_8);
          exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  /** Clients of one address share their schemas, so a port is not used a second time. */
  private static HttpServer withNewPort() throws IOException {
    while (true) {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      if (USED_PORTS.add(server.getAddress().getPort())) {
        return server;
      }
      server.stop(0);
    }
  }

  /** A reference of a schema to a version of a subject. */
  public record Reference(String name, String subject, int version) {}

  /** Adds a schema with an id, such as {@code 7}, or a GUID. */
  public void add(String id, SchemaType type, String text, Reference... references) {
    String kind = id.contains("-") ? "guids" : "ids";
    answers.put("/apis/ccompat/v7/schemas/" + kind + "/" + id, answer(type, text, references));
  }

  /** Adds a schema that others refer to. */
  public void addVersion(
      String subject, int version, SchemaType type, String text, Reference... references) {
    answers.put(
        "/apis/ccompat/v7/subjects/%s/versions/%d".formatted(subject, version),
        answer(type, text, references));
  }

  /** Adds the id that a schema gets when it is registered under a subject. */
  public void addId(String subject, int id) {
    answers.put("/apis/ccompat/v7/subjects/" + subject + "/versions", "{\"id\":" + id + "}");
  }

  /** Adds the content id of one of Apicurio's global ids. */
  public void addGlobal(long globalId, long contentId) {
    answers.put(
        "/apis/registry/v3/search/versions?globalId=" + globalId,
        "{\"count\":1,\"versions\":[{\"globalId\":%d,\"contentId\":%d}]}"
            .formatted(globalId, contentId));
  }

  /** Sets the body that a path is answered with. */
  void answer(String path, String body) {
    answers.put(path, body);
  }

  private static String answer(SchemaType type, String text, Reference... references) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Reference reference : references) {
      list.add(
          Map.of(
              "name", reference.name(),
              "subject", reference.subject(),
              "version", reference.version()));
    }
    Map<String, Object> answer =
        Map.of("schemaType", type.name(), "schema", text, "references", list);
    return JSON.valueToTree(answer).toString();
  }

  /** Returns the settings of a client. */
  public SchemaRegistrySettings settings(SchemaIdType idType) {
    URI url =
        URI.create("http://127.0.0.1:%d/apis/ccompat/v7".formatted(server.getAddress().getPort()));
    return new SchemaRegistrySettings(url, null, true, idType);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
