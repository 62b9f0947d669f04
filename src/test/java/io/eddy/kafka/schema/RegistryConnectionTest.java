package io.eddy.kafka.schema;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A registry that does not complete its answers. */
@Timeout(60)
final class RegistryConnectionTest {
  private final HttpServer server;

  RegistryConnectionTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** Answers each request with the begin of a body. */
  private RegistryConnection serving(long length, byte[] sent) {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, length);
          exchange.getResponseBody().write(sent);
          exchange.getResponseBody().flush();
        });
    server.start();
    return new RegistryConnection(
        new SchemaRegistrySettings(uri("/"), null, false, SchemaIdType.CONFLUENT));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path));
  }

  /** Four attempts of four seconds each. */
  @Test
  @Tag("slow")
  void givesUpOnIncompleteResponse() {
    RegistryConnection connection = serving(100, "{\"schema".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> connection.get(uri("/schemas/ids/1")))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageContaining("the response is incomplete after 4 s");
  }
}
