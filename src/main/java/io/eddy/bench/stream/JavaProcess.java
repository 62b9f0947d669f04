package io.eddy.bench.stream;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with the class path and the JVM options of this one. Its output goes to a file.
 *
 * <p>A suspended process uses no CPU time and keeps its memory, its connections and its compiled
 * code.
 */
final class JavaProcess implements AutoCloseable {
  private static final long STOP_TIMEOUT_S = 40;
  private static final int LOG_LINES = 5;

  private final String name;
  private final Path log;
  private final Process process;

  private JavaProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a process.
   *
   * @param name in error messages
   * @param log receives standard output and standard error
   * @param options JVM options in addition to those of this process
   */
  static JavaProcess start(
      String name, Path log, List<String> options, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    // Settings of the environment would apply to one of the streams only.
    builder
        .environment()
        .keySet()
        .removeIf(key -> key.startsWith("EDDY_") && !key.equals("EDDY_VECTORS"));
    try {
      return new JavaProcess(name, log, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  /** Returns the options without agents and without those about this process's terminal. */
  static List<String> jvmOptions(List<String> all) {
    return all.stream()
        .filter(option -> !option.startsWith("-javaagent") && !option.startsWith("-agent"))
        .filter(option -> !option.startsWith("-Deddy.terminal"))
        .toList();
  }

  /** Returns the user and system CPU time so far. */
  long cpuNs() {
    return process
        .info()
        .totalCpuDuration()
        .map(Duration::toNanos)
        .orElseThrow(
            () -> new IllegalStateException("the system does not report the CPU time of " + name));
  }

  /** Suspends the process. */
  void suspend() {
    signal("STOP");
  }

  /** Resumes a suspended process. */
  void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    try {
      // The shell has the command; a container may lack the program.
      int code =
          new ProcessBuilder("sh", "-c", "kill -%s %d".formatted(signal, process.pid()))
              .inheritIO()
              .redirectOutput(new File("/dev/null"))
              .start()
              .waitFor();
      if (code != 0) {
        throw failure("did not accept signal " + signal);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot send a signal to " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Checks that the process is running. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw failure("ended with exit code " + process.exitValue());
    }
  }

  /** Returns an error with the end of the log. */
  IllegalStateException failure(String problem) {
    return new IllegalStateException("%s %s: %s".formatted(name, problem, lastLines()));
  }

  private String lastLines() {
    List<String> lines = log().lines().toList();
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
  }

  /** Returns the output so far. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the output of " + name, e);
    }
  }

  /** Sends SIGTERM and waits for the end. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS)) {
      throw failure("did not stop within %d s".formatted(STOP_TIMEOUT_S));
    }
  }

  /** Sends SIGTERM, waits for the end, and returns the exit code. */
  int end() throws InterruptedException {
    stop();
    return process.exitValue();
  }

  /** Waits for the end, and returns the exit code. */
  int await() throws InterruptedException {
    return process.waitFor();
  }

  long pid() {
    return process.pid();
  }

  /** Kills the process, which may be suspended. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
