package io.eddy.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** ONNX Runtime, which is not shipped: fetched by the build's own Maven when it is wanted. */
final class OnnxRuntimeJar {
  private static final String VERSION = "1.22.0";
  private static final long LIMIT_MINUTES = 10;

  private OnnxRuntimeJar() {}

  /** The jar in the user's cache, fetched if need be; empty where it cannot be had. */
  static Optional<Path> find(Console console) {
    Path folder = Path.of(System.getProperty("user.home"), ".cache", "eddy");
    Path jar = folder.resolve("onnxruntime-" + VERSION + ".jar");
    if (Files.isRegularFile(jar)) {
      return Optional.of(jar);
    }
    try {
      Path home = home();
      Path maven = home.resolve("mvnw");
      if (!Files.isExecutable(maven)) {
        console.note("ONNX Runtime is not there, and no %s to fetch it: ours alone", maven);
        return Optional.empty();
      }
      console.note("fetching ONNX Runtime %s into %s, this happens once", VERSION, folder);
      if (fetch(home, folder) && Files.isRegularFile(jar)) {
        return Optional.of(jar);
      }
      console.note("ONNX Runtime %s could not be fetched: ours alone", VERSION);
    } catch (IOException | URISyntaxException e) {
      console.note("ONNX Runtime %s could not be fetched: %s: ours alone", VERSION, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private static boolean fetch(Path home, Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Process process =
        new ProcessBuilder(
                List.of(
                    home.resolve("mvnw").toString(),
                    "-q",
                    "-B",
                    "dependency:copy",
                    "-Dartifact=com.microsoft.onnxruntime:onnxruntime:" + VERSION,
                    "-DoutputDirectory=" + folder))
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
      return process.exitValue() == 0;
    }
    process.destroy();
    return false;
  }

  /** Where the launcher stands: two folders above the jar or the classes that run. */
  private static Path home() throws URISyntaxException {
    Path code =
        Path.of(OnnxRuntimeJar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path target = code.getParent();
    return target == null || target.getParent() == null ? Path.of("") : target.getParent();
  }
}
