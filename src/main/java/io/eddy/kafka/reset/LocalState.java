package io.eddy.kafka.reset;

import io.eddy.kafka.config.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder in which Kafka Streams keeps an application's state on this machine. */
public final class LocalState {
  /** Kafka Streams locks this file while it runs. */
  private static final String LOCK_FILE = ".lock";

  private final Path folder;

  public LocalState(Deployment deployment) {
    folder = Path.of(deployment.stateDir(), deployment.applicationId()).toAbsolutePath();
  }

  public Path folder() {
    return folder;
  }

  public boolean exists() {
    return Files.isDirectory(folder);
  }

  /** Returns the total size of the files in bytes. */
  public long bytes() {
    return files().stream().mapToLong(LocalState::size).sum();
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Checks that no process uses the folder.
   *
   * @throws IllegalStateException if one does
   */
  public void requireUnused() {
    Path lock = folder.resolve(LOCK_FILE);
    if (!Files.exists(lock)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      if (channel.tryLock() == null) {
        throw inUse();
      }
    } catch (OverlappingFileLockException e) {
      throw inUse();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + lock + ": " + e.getMessage(), e);
    }
  }

  /**
   * Creates the folder, and checks that a forecaster can keep its state there.
   *
   * @throws IllegalStateException if the folder cannot be written or another process uses it
   */
  public void requireUsable() {
    for (Path path = folder; path != null; path = path.getParent()) {
      if (Files.exists(path) && !Files.isDirectory(path)) {
        throw unusable("%s is not a directory".formatted(path), null);
      }
    }
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "check", ".tmp"));
    } catch (IOException e) {
      throw unusable("cannot write to %s: %s".formatted(folder, reason(e)), e);
    }
    try {
      requireUnused();
    } catch (IllegalStateException e) {
      throw unusable("%s is in use by another process".formatted(folder), e);
    } catch (UncheckedIOException e) {
      throw unusable(String.valueOf(e.getMessage()), e);
    }
  }

  private static IllegalStateException unusable(String problem, @Nullable Exception cause) {
    return new IllegalStateException(
        "state.dir: %s; set state.dir to a directory that this process can write and no other uses"
            .formatted(problem),
        cause);
  }

  private static String reason(IOException error) {
    return error instanceof AccessDeniedException
        ? "permission denied"
        : error instanceof FileSystemException failed && failed.getReason() != null
            ? failed.getReason()
            : error.toString();
  }

  private IllegalStateException inUse() {
    return new IllegalStateException(
        "the state in %s is in use by a running forecaster: stop it first".formatted(folder));
  }

  /**
   * Deletes the folder, if it exists.
   *
   * @throws UncheckedIOException if a file cannot be deleted; the others may be deleted already
   */
  public void delete() {
    if (!exists()) {
      return;
    }
    for (Path file : files()) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot delete " + file + ": " + e.getMessage(), e);
      }
    }
  }
}
