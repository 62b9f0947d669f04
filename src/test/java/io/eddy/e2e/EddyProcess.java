package io.eddy.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command in a process of its own, from the jar that was built. */
final class EddyProcess {
  private EddyProcess() {}

  /** How it ended and what it printed. */
  record Result(int exitCode, String output) {}

  static ProcessBuilder of(String... arguments) {
    Path jar = Path.of(System.getProperty("eddy.jar", "target/eddy.jar")).toAbsolutePath();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                jar + File.pathSeparator + jar.resolveSibling("lib") + File.separator + "*",
                "io.eddy.cli.Main"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** Runs a command to its end; what goes to standard error goes to the log. */
  static Result run(Path log, String... arguments) throws IOException, InterruptedException {
    Process process =
        of(arguments).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    byte[] output = process.getInputStream().readAllBytes();
    return new Result(process.waitFor(), new String(output, StandardCharsets.UTF_8));
  }
}
