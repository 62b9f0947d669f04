package io.eddy.bench.campaign;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * A schema registry in a process of its own. It answers the one request of Confluent's REST
 * interface that a reader of events sends: the schema with an id.
 */
final class RegistryProcess implements AutoCloseable {
  static final String NAME = "registry";

  private static final String PATH = "/schemas/ids/";
  private static final String UNKNOWN =
      "{\"error_code\": 40403, \"message\": \"Schema not found\"}";
  private static final int THREADS = 4;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ManagedProcess process;
  private final int port;

  RegistryProcess(Path folder) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    process =
        new ManagedProcess(
            NAME,
            List.of("-Xmx64m", RegistryProcess.class.getName(), Integer.toString(port)),
            folder.resolve(NAME + ".log"));
  }

  ManagedProcess process() {
    return process;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Serves the schemas of {@link AvroEvents} on a port until the process ends. */
  public static void main(String[] arguments) throws IOException {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
            0);
    server.createContext(PATH, RegistryProcess::answer);
    server.setExecutor(Executors.newFixedThreadPool(THREADS));
    // The first answer loads many classes, for which a client on a busy machine would not wait.
    byte[] unused = body(1);
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String id = exchange.getRequestURI().getPath().substring(PATH.length());
    boolean isKnown = id.matches("[1-9][0-9]{0,5}");
    byte[] bytes = isKnown ? body(Integer.parseInt(id)) : UNKNOWN.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(isKnown ? 200 : 404, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static byte[] body(int id) throws IOException {
    return JSON.writeValueAsBytes(Map.of("schema", AvroEvents.schema(id).toString()));
  }

  @Override
  public void close() {
    process.close();
  }
}
