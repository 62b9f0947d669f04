package io.eddy.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code eddy serve} in its own process, from the packaged jar. */
final class ServeProcess implements AutoCloseable {
  private final Process process;

  ServeProcess(Path config, Path log) throws IOException {
    process =
        EddyProcess.of("serve", "--config", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  /** Sends SIGKILL and waits for the end. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Sends SIGTERM and returns the exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(40, TimeUnit.SECONDS)) {
      throw new IllegalStateException("serve did not stop within 40 s");
    }
    return process.exitValue();
  }

  /** Waits for the process to end by itself and returns its exit code. */
  int exitCode(long timeout, TimeUnit unit) throws InterruptedException {
    if (!process.waitFor(timeout, unit)) {
      throw new IllegalStateException("serve did not end within %d %s".formatted(timeout, unit));
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  static String output(Path log) throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
