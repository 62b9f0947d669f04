package io.eddy.kafka.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests against a stub that fails; {@code SchemaRegistryIT} starts a real registry. */
class SchemaRegistryClientTest {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}");
  private static final String ANSWER =
      "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"A\\\",\\\"fields\\\":[{\\\"name\\\":\\\"x\\\",\\\"type\\\":\\\"int\\\"}]}\"}";

  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<String> asked = new ArrayList<>();
  private final List<@Nullable String> authorizations = new ArrayList<>();
  private final HttpServer server = start();

  private record Answer(int status, String body) {}

  private HttpServer start() {
    try {
      HttpServer made =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      made.createContext(
          "/",
          exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
            Answer answer = answers.size() > 1 ? answers.remove() : answers.element();
            byte[] body = answer.body.getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      made.start();
      return made;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private SchemaRegistryClient client(@Nullable String authorization, boolean registers) {
    URI url = URI.create("http://127.0.0.1:%d/base/".formatted(server.getAddress().getPort()));
    return SchemaRegistryClient.of(
        new SchemaRegistrySettings(url, authorization, registers, SchemaIdType.CONFLUENT));
  }

  @Test
  void cachesSchemaAndSendsCredentials() {
    answers.add(new Answer(200, ANSWER));
    SchemaRegistryClient client = client(SchemaRegistrySettings.basic("jo:secret"), true);

    assertThat(client.schema(7)).isEqualTo(SCHEMA);
    assertThat(client.schema(7)).isEqualTo(SCHEMA);

    assertThat(asked).containsExactly("GET /base/schemas/ids/7");
    assertThat(authorizations).containsExactly("Basic am86c2VjcmV0");
  }

  @Test
  void registersSchemaOnlyIfAllowed() {
    answers.add(new Answer(200, "{\"id\":12}"));

    assertThat(client(SchemaRegistrySettings.bearer("t"), true).id("a b-value", SCHEMA))
        .isEqualTo(12);
    assertThat(client(null, false).id("a b-value", SCHEMA)).isEqualTo(12);

    assertThat(asked)
        .containsExactly(
            "POST /base/subjects/a%20b-value/versions", "POST /base/subjects/a%20b-value");
    assertThat(authorizations).containsExactly("Bearer t", null);
  }

  @Test
  void retriesTransientFailure() {
    answers.add(new Answer(503, "busy"));
    answers.add(new Answer(200, ANSWER));

    assertThat(client(null, true).schema(7)).isEqualTo(SCHEMA);
    assertThat(asked).hasSize(2);
  }

  @Test
  void unknownIdIsRecordFaultAndIsCached() {
    answers.add(new Answer(404, "{}"));
    SchemaRegistryClient client = client(null, true);

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> client.schema(99))
          .isInstanceOf(InvalidRecordException.class)
          .hasMessage(
              "the schema registry has no schema with id 99: check schema.registry.url and"
                  + " schema.registry.id-type");
    }
    assertThat(asked).hasSize(1);
  }

  @Test
  void otherSchemaTypeIsRecordFault() {
    answers.add(new Answer(200, "{\"schemaType\":\"PROTOBUF\",\"schema\":\"x\"}"));
    assertThatThrownBy(() -> client(null, true).schema(1))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(
            "the schema with id 1 of the registry is a Protobuf schema, expected an Avro schema:"
                + " set events.format = protobuf");
    answers.clear();
    answers.add(new Answer(200, "{\"schema\":\"{\\\"type\\\":\\\"other.Name\\\"}\"}"));
    assertThatThrownBy(() -> client(null, true).schema(2))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(
            "the schema with id 2 of the registry is not an Avro schema that Eddy can read: it is"
                + " invalid, or a type in it is not among its references");
  }

  @Test
  void unavailableRegistryIsNotRecordFault() {
    SchemaRegistryClient client = client(null, true);
    String url = "http://127.0.0.1:%d/base".formatted(server.getAddress().getPort());
    server.stop(0);

    assertThatThrownBy(() -> client.schema(7))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageStartingWith("schema registry " + url + " is unavailable (");
  }

  @Test
  void rejectedRequestIsNotRecordFaultAndHidesPassword() {
    answers.add(new Answer(401, ""));
    SchemaRegistryClient client = client(SchemaRegistrySettings.basic("jo:secret"), true);

    assertThatThrownBy(() -> client.schema(7))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageEndingWith(
            "request for the schema with id 7 failed with status 401; check schema.registry.user-info and"
                + " schema.registry.bearer-token")
        .hasMessageNotContaining("secret");
  }

  @Test
  void reportsMissingSchemaIfNotRegistering() {
    answers.add(new Answer(404, ""));

    assertThatThrownBy(() -> client(null, false).id("s-value", SCHEMA))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageContaining("subject s-value does not have schema A; register it, or set");
  }

  @Test
  void reportsInvalidResponses() {
    answers.add(new Answer(200, "<html>"));
    assertThatThrownBy(() -> client(null, true).schema(7))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageEndingWith("the response is not JSON; check schema.registry.url");
    answers.clear();
    answers.add(new Answer(200, "x".repeat((1 << 20) + 1)));
    assertThatThrownBy(() -> client(null, true).schema(8))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageEndingWith("the response has more than 1048576 bytes");
  }

  @Test
  void rejectsInvalidUrl() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new SchemaRegistrySettings(
                    URI.create("ftp://host"), null, true, SchemaIdType.CONFLUENT));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new SchemaRegistrySettings(
                    URI.create("http://jo:secret@host"), null, true, SchemaIdType.CONFLUENT))
        .withMessageNotContaining("secret");
  }
}
