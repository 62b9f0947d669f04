package io.eddy.bench;

import io.eddy.cli.terminal.Console;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A runtime that stands beside ours in a bench. It is not shipped: the build's own Maven fetches it
 * when it is wanted.
 */
record ReferenceRuntime(String title, String version, List<String> artifacts) {
  static final ReferenceRuntime ONNX_RUNTIME =
      new ReferenceRuntime(
          "ONNX Runtime", "1.22.0", List.of("com.microsoft.onnxruntime:onnxruntime:1.22.0"));
  static final ReferenceRuntime PYTORCH =
      new ReferenceRuntime(
          "PyTorch",
          "2.7.1",
          List.of(
              "ai.djl.pytorch:pytorch-engine:0.34.0",
              "ai.djl.pytorch:pytorch-jni:2.7.1-0.34.0",
              "ai.djl.pytorch:pytorch-native-cpu:2.7.1:" + platform()));

  private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0";
  private static final long LIMIT_MINUTES = 10;

  @Override
  public String toString() {
    return title + " " + version;
  }

  /** Where runtimes are kept. */
  static Path cache() {
    return Path.of(System.getProperty("user.home"), ".cache", "eddy");
  }

  /** Class path of its jars in the user's cache, fetched if need be; empty where it has none. */
  Optional<String> find(Console console) {
    Path folder = cache().resolve(toString().toLowerCase(Locale.ROOT).replace(' ', '-'));
    try {
      if (!Files.isDirectory(folder)) {
        Path maven = home().resolve("mvnw");
        if (!Files.isExecutable(maven)) {
          console.printErr("%s is not there, and no %s to fetch it: ours alone", this, maven);
          return Optional.empty();
        }
        console.printErr("fetching %s into %s, this happens once", this, folder);
        Files.createDirectories(cache());
        if (!fetch(maven, folder)) {
          console.printErr("%s could not be fetched: ours alone", this);
          return Optional.empty();
        }
      }
      try (Stream<Path> jars = Files.list(folder)) {
        return Optional.of(
            jars.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator)));
      }
    } catch (IOException | URISyntaxException e) {
      console.printErr("%s could not be fetched: %s: ours alone", this, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  /** Fetches into another folder first, so that what is there is whole. */
  private boolean fetch(Path maven, Path folder) throws IOException, InterruptedException {
    Path project = Files.createTempDirectory(folder.getParent(), "fetch");
    Path jars = project.resolve("jars");
    Files.writeString(project.resolve("pom.xml"), pom());
    Process process =
        new ProcessBuilder(
                List.of(
                    maven.toString(),
                    "-q",
                    "-B",
                    "-f",
                    project.resolve("pom.xml").toString(),
                    PLUGIN + ":copy-dependencies",
                    "-DincludeScope=runtime",
                    "-DoutputDirectory=" + jars))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean isFetched = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
    if (!isFetched) {
      process.destroy();
    }
    isFetched = isFetched && process.exitValue() == 0;
    if (isFetched) {
      Files.move(jars, folder, StandardCopyOption.ATOMIC_MOVE);
    }
    delete(project);
    return isFetched;
  }

  private String pom() {
    String dependencies =
        artifacts.stream().map(ReferenceRuntime::dependency).collect(Collectors.joining("\n"));
    return """
    <project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>io.eddy</groupId>
      <artifactId>other-runtime</artifactId>
      <version>1</version>
      <dependencies>
    %s
      </dependencies>
    </project>
    """
        .formatted(dependencies);
  }

  private static String dependency(String artifact) {
    String[] parts = artifact.split(":", -1);
    String classifier = parts.length > 3 ? "<classifier>%s</classifier>".formatted(parts[3]) : "";
    return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>%s</dependency>"
        .formatted(parts[0], parts[1], parts[2], classifier);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** What DJL calls this platform. */
  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String system = os.startsWith("mac") ? "osx" : os.startsWith("win") ? "win" : "linux";
    String architecture = System.getProperty("os.arch");
    return system + "-" + (architecture.equals("amd64") ? "x86_64" : architecture);
  }

  /** Where the launcher stands: two folders above the jar or the classes that run. */
  private static Path home() throws URISyntaxException {
    Path code =
        Path.of(ReferenceRuntime.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path target = code.getParent();
    return target == null || target.getParent() == null ? Path.of("") : target.getParent();
  }
}
