package io.eddy.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An Apicurio Registry in its own process, with in-memory storage. Tests that need it are skipped
 * if it was not unpacked or no JDK of at least version 21 is found.
 */
public final class ApicurioRegistry implements AutoCloseable {
  private static final Path APP = Path.of("target/registry/quarkus-run.jar");
  private static final int OLDEST_JAVA = 21;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process process;
  private final int port;

  private ApicurioRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a registry, or skips the test. */
  public static ApicurioRegistry start(Path folder) throws IOException {
    assumeTrue(
        Files.exists(APP), "no schema registry: `./mvnw dependency:unpack@registry` fetches it");
    Optional<Path> java = java();
    assumeTrue(
        java.isPresent(), "no schema registry: it needs a JDK from 21 on; JAVA21_HOME may name it");
    int port = freePort();
    Process process =
        new ProcessBuilder(
                java.orElseThrow().toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.enabled=false",
                "-jar",
                APP.toAbsolutePath().toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("registry.log").toFile())
            .start();
    ApicurioRegistry registry = new ApicurioRegistry(process, port);
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> !process.isAlive() || registry.answers());
      if (!process.isAlive()) {
        throw new IllegalStateException(Files.readString(folder.resolve("registry.log")));
      }
      return registry;
    } catch (RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url() + "/subjects"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Returns the first Java that is new enough. */
  private static Optional<Path> java() throws IOException {
    List<Path> homes = new ArrayList<>();
    Stream.of("JAVA21_HOME", "JAVA_HOME")
        .map(System::getenv)
        .filter(Objects::nonNull)
        .forEach(home -> homes.add(Path.of(home)));
    homes.add(Path.of(System.getProperty("java.home")));
    Path installed = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(installed)) {
      try (Stream<Path> all = Files.list(installed)) {
        all.sorted().forEach(homes::add);
      }
    }
    for (Path home : homes) {
      if (version(home) >= OLDEST_JAVA && Files.isExecutable(home.resolve("bin/java"))) {
        return Optional.of(home.resolve("bin/java"));
      }
    }
    return Optional.empty();
  }

  private static int version(Path home) throws IOException {
    Path release = home.resolve("release");
    if (!Files.isReadable(release)) {
      return 0;
    }
    return Files.readAllLines(release).stream()
        .filter(line -> line.startsWith("JAVA_VERSION=\""))
        .map(line -> line.replaceAll("JAVA_VERSION=\"(\\d+).*", "$1"))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(0);
  }

  /** Returns the URL of the Confluent-compatible REST API. */
  public String url() {
    return "http://127.0.0.1:%d/apis/ccompat/v7".formatted(port);
  }

  /** Returns the URL of the native REST API. */
  String ownUrl() {
    return "http://127.0.0.1:%d/apis/registry/v3".formatted(port);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
