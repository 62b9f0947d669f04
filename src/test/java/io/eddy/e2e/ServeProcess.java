package io.eddy.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code eddy serve} in a process of its own, from the jar that was built. */
final class ServeProcess implements AutoCloseable {
  private final Process process;

  ServeProcess(Path config, Path log) throws IOException {
    process =
        EddyProcess.of("serve", "--config", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM; the exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(40, TimeUnit.SECONDS)) {
      throw new IllegalStateException("serve did not stop within 40 s");
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  static String said(Path log) throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
