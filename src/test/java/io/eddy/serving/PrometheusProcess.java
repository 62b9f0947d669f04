package io.eddy.serving;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Prometheus server of the machine, in a process of its own. */
final class PrometheusProcess implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final String url;

  /**
   * Starts a server.
   *
   * @param configuration content of prometheus.yml
   * @param folder for its files
   */
  PrometheusProcess(String configuration, Path folder) throws IOException {
    int port = freePort();
    url = "http://127.0.0.1:" + port;
    Path file = Files.writeString(folder.resolve("prometheus.yml"), configuration);
    process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Skips the test if a program is not installed, and fails it where tests must not be skipped. */
  static void requireProgram(String program) {
    boolean isInstalled =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    if (!isInstalled && "true".equals(System.getenv("CI"))) {
      fail("the program %s is not installed", program);
    }
    assumeTrue(isInstalled, "the program " + program + " is not installed");
  }

  /** The exit code and output of a program. */
  record Result(int exitCode, String output) {}

  static Result run(String... command) throws IOException, InterruptedException {
    Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(started.waitFor(), output);
  }

  boolean isReady() {
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  /** Evaluates an expression; fails if it is not valid. */
  JsonNode query(String expression) throws IOException, InterruptedException {
    JsonNode answer = json("/api/v1/query?query=" + encode(expression));
    if (!answer.path("status").asText().equals("success")) {
      fail("%s: %s", expression, answer);
    }
    return answer.path("data").path("result");
  }

  /** Returns all names of metrics. */
  List<String> metricNames() throws IOException, InterruptedException {
    return JSON.convertValue(
        json("/api/v1/label/__name__/values").path("data"),
        JSON.getTypeFactory().constructCollectionType(List.class, String.class));
  }

  /** Returns the names of the firing alerts. */
  List<String> firingAlerts() throws IOException, InterruptedException {
    return json("/api/v1/alerts").path("data").path("alerts").findParents("labels").stream()
        .filter(alert -> alert.path("state").asText().equals("firing"))
        .map(alert -> alert.path("labels").path("alertname").asText())
        .toList();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(get(path).body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(url + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
