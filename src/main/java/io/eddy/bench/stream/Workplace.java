package io.eddy.bench.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary folder and the processes that work in it. {@link #close} and the end of this process
 * kill the processes and delete the folder.
 */
final class Workplace implements AutoCloseable {
  private final Path folder;
  private final List<JavaProcess> processes = new ArrayList<>();
  private final Thread hook = new Thread(this::clear, "bench-clear");
  private boolean isClosed;

  Workplace() {
    try {
      folder = Files.createTempDirectory("eddy-bench-stream");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a temporary folder", e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts a process with a log in the folder. */
  JavaProcess start(String name, Class<?> main, List<String> arguments) {
    return start(name, List.of(), main, arguments);
  }

  /**
   * Starts a process with a log in the folder.
   *
   * @param options JVM options in addition to those of this process
   */
  synchronized JavaProcess start(
      String name, List<String> options, Class<?> main, List<String> arguments) {
    if (isClosed) {
      throw new IllegalStateException("closed");
    }
    Path log = folder.resolve(name.replace(' ', '-') + ".log");
    JavaProcess process = JavaProcess.start(name, log, options, main.getName(), arguments);
    processes.add(process);
    return process;
  }

  /** Returns a path in the folder. */
  Path path(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() {
    clear();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is exiting.
    }
  }

  private synchronized void clear() {
    isClosed = true;
    processes.forEach(JavaProcess::close);
    processes.clear();
    if (!Files.exists(folder)) {
      return;
    }
    delete(folder);
  }

  /** Returns the size of the files in a folder, in bytes. */
  static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }

  /** Deletes a folder with everything in it. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }
}
