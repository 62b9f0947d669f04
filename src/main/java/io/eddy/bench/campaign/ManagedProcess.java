package io.eddy.bench.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Java process of this class path that can be ended, paused and started again. Its output is
 * appended to a file. Thread-safe.
 */
final class ManagedProcess implements AutoCloseable {
  private static final long STOP_SECONDS = 40;

  private final String name;
  private final List<String> arguments;
  private final Path log;
  private volatile @Nullable Process process;
  private volatile boolean isPaused;
  private String classPath = System.getProperty("java.class.path");
  private volatile boolean isWanted;

  /**
   * Describes a process; {@link #start} starts it.
   *
   * @param arguments JVM options, main class and its arguments
   * @param log receives the output
   */
  ManagedProcess(String name, List<String> arguments, Path log) {
    this.name = name;
    this.arguments = List.copyOf(arguments);
    this.log = log;
  }

  String name() {
    return name;
  }

  Path log() {
    return log;
  }

  synchronized void start() throws IOException {
    isWanted = true;
    if (process != null && process.isAlive()) {
      return;
    }
    process =
        builder(classPath, arguments).redirectErrorStream(true).redirectOutput(append()).start();
  }

  private ProcessBuilder.Redirect append() {
    return ProcessBuilder.Redirect.appendTo(log.toFile());
  }

  /** Sets the class path of the next start, and returns the one so far. */
  synchronized String useClassPath(String next) {
    String previous = classPath;
    classPath = next;
    return previous;
  }

  /** Returns the builder of a Java process with this class path. */
  static ProcessBuilder builder(List<String> arguments) {
    return builder(System.getProperty("java.class.path"), arguments);
  }

  private static ProcessBuilder builder(String classPath, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-cp",
                classPath,
                "--add-exports",
                "java.base/jdk.internal.module=ALL-UNNAMED"));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /** Sends SIGKILL and waits for the end. */
  synchronized void kill() throws InterruptedException {
    isWanted = false;
    if (process != null) {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  /**
   * Sends SIGTERM and waits for the end, at most 40 s; then sends SIGKILL.
   *
   * @return the exit code; empty if the process had to be killed
   */
  synchronized OptionalInt terminate() throws InterruptedException {
    isWanted = false;
    if (process == null) {
      return OptionalInt.of(0);
    }
    process.destroy();
    if (process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      return OptionalInt.of(process.exitValue());
    }
    kill();
    return OptionalInt.empty();
  }

  /** Sends SIGTERM. */
  synchronized void requestEnd() {
    isWanted = false;
    if (process != null) {
      process.destroy();
    }
  }

  synchronized void pause() throws IOException, InterruptedException {
    isPaused = true;
    signal("-STOP");
  }

  synchronized void resume() throws IOException, InterruptedException {
    signal("-CONT");
    isPaused = false;
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Process current = process;
    if (current != null && current.isAlive()) {
      int unused =
          new ProcessBuilder("kill", signal, Long.toString(current.pid())).start().waitFor();
    }
  }

  /** Lets the process write the stacks of its threads to its log. */
  void logThreads() throws IOException, InterruptedException {
    signal("-QUIT");
  }

  /** Returns whether the process runs, for a description. */
  String state() {
    Process current = process;
    if (current == null) {
      return "not started";
    } else if (!current.isAlive()) {
      return "ended with exit code " + current.exitValue();
    }
    return (isPaused ? "paused" : "runs") + ", process " + current.pid();
  }

  /**
   * Returns whether the process should run and has ended by itself. Does not wait for a fault that
   * is under way.
   */
  boolean hasEnded() {
    Process current = process;
    return isWanted && current != null && !current.isAlive();
  }

  /** Waits for the process to end by itself, and returns whether it has. */
  synchronized boolean awaitEnd(long seconds) throws InterruptedException {
    return process == null || process.waitFor(seconds, TimeUnit.SECONDS);
  }

  /** Returns the exit code of a process that has ended. */
  synchronized int exitCode() {
    return process == null ? 0 : process.exitValue();
  }

  /** Returns the process id; -1 if the process does not run. */
  long pid() {
    Process current = process;
    return current != null && current.isAlive() ? current.pid() : -1;
  }

  @Override
  public synchronized void close() {
    isWanted = false;
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
