package io.eddy.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.serving.ForecasterServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A forecaster with its HTTP server in this JVM, as {@code eddy serve} runs it. */
final class ServingInstance implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final ForecasterServer server;
  private @Nullable Forecaster forecaster;

  /** Opens the port; {@link #start} starts the forecaster. */
  ServingInstance(EddyConfig config) {
    server = ForecasterServer.open(config);
  }

  void start(EddyConfig config) {
    Forecaster created = new Forecaster(config.stream(), server.advertise(config.deployment()));
    forecaster = created;
    server.serve(created);
    created.start();
  }

  Forecaster forecaster() {
    return java.util.Objects.requireNonNull(forecaster, "not started");
  }

  URI uri(String path) {
    return URI.create(server.url().orElseThrow() + path);
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  /** Returns the JSON of an answer with status 200. */
  JsonNode json(String path, String... headers) throws IOException, InterruptedException {
    HttpResponse<String> response = get(path, headers);
    if (response.statusCode() != 200) {
      throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    server.stopping();
    if (forecaster != null) {
      forecaster.close();
    }
    server.close();
  }
}
