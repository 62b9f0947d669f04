package io.eddy.bench;

import io.eddy.cli.terminal.Console;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A runtime that a benchmark compares Eddy with. The build profile {@code bench-runtimes} copies
 * its libraries into {@code target/bench-lib}; they are not part of an installation.
 */
enum ReferenceRuntime {
  ONNX_RUNTIME("ONNX Runtime", "onnxruntime-([\\d.]+)\\.jar"),
  PYTORCH("PyTorch", "pytorch-native-cpu-([\\d.]+)-.*\\.jar");

  private final String title;
  private final Pattern library;

  ReferenceRuntime(String title, String library) {
    this.title = title;
    this.library = Pattern.compile(library);
  }

  /**
   * A runtime that is present.
   *
   * @param name title and version
   * @param classPath of its libraries
   * @param folder of its libraries
   */
  record Installed(String name, String classPath, Path folder) {}

  /** Returns the runtime, or prints how to get it. */
  Optional<Installed> find(Console console) {
    Path folder = folder();
    List<String> jars = jars(folder);
    Optional<String> version =
        jars.stream().map(library::matcher).filter(Matcher::matches).map(m -> m.group(1)).findAny();
    if (version.isEmpty()) {
      console.printErr(
          "%s is not in %s, measuring Eddy only; `./mvnw -Pbench-runtimes initialize` copies it",
          title, folder);
    }
    return version.map(
        number -> new Installed(title + " " + number, classPath(folder, jars), folder));
  }

  private static List<String> jars(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".jar"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static String classPath(Path folder, List<String> jars) {
    return jars.stream()
        .map(jar -> folder.resolve(jar).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Returns {@code bench-lib}, which lies next to the jar or the classes of the benchmarks. */
  private static Path folder() {
    try {
      Path code =
          Path.of(
              ReferenceRuntime.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return code.resolveSibling("bench-lib");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
