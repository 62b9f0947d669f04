package io.eddy.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command in a process of its own, started from the packaged jar. */
final class EddyProcess {
  private EddyProcess() {}

  /** The exit code and standard output of a command. */
  record Result(int exitCode, String output) {}

  /** The runtime jar; the folders of libraries are next to it. */
  static Path jar() {
    return Path.of(System.getProperty("eddy.jar", "target/eddy.jar")).toAbsolutePath();
  }

  static ProcessBuilder of(String... arguments) {
    return of(List.of(jar(), all("lib")), arguments);
  }

  /** Runs a command to its end; standard error is appended to the log. */
  static Result run(Path log, String... arguments) throws IOException, InterruptedException {
    return run(of(arguments), log);
  }

  /** Runs a command that needs the development libraries: demo, broker or bench. */
  static Result runDevelopment(Path log, String... arguments)
      throws IOException, InterruptedException {
    Path development = jar().resolveSibling("eddy-dev.jar");
    return run(of(List.of(jar(), development, all("lib"), all("lib-dev")), arguments), log);
  }

  private static Path all(String folder) {
    return jar().resolveSibling(folder).resolve("*");
  }

  private static ProcessBuilder of(List<Path> classPath, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()),
                "io.eddy.cli.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    // Several processes serve on one machine.
    builder.environment().put("EDDY_HTTP_LISTEN", "127.0.0.1:0");
    return builder;
  }

  static Result run(ProcessBuilder builder, Path log) throws IOException, InterruptedException {
    Process process = builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    byte[] output = process.getInputStream().readAllBytes();
    return new Result(process.waitFor(), new String(output, StandardCharsets.UTF_8));
  }
}
