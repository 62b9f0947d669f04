package io.eddy.cli.terminal;

import io.eddy.training.CheckpointStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores the checkpoint of a training in a file. The first line describes the source of the data;
 * the checkpoint follows.
 */
public final class CheckpointFile implements CheckpointStore {
  private final Path file;
  private final byte @Nullable [] previous;
  private final int headerLength;
  private byte[] header = {};

  private CheckpointFile(Path file, byte @Nullable [] previous) {
    this.file = file;
    this.previous = previous;
    headerLength =
        previous == null ? 0 : new String(previous, StandardCharsets.ISO_8859_1).indexOf('\n');
    if (headerLength < 0) {
      throw new IllegalArgumentException(file + " is not a checkpoint");
    }
  }

  /** Opens the checkpoint of an interrupted training, or a new file if none exists. */
  public static CheckpointFile resume(Path file) {
    OutputFile.requireFolder(file);
    try {
      return new CheckpointFile(file, Files.exists(file) ? Files.readAllBytes(file) : null);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Opens a new file.
   *
   * @throws UsageException if the file exists
   */
  public static CheckpointFile create(Path file) {
    OutputFile.requireFolder(file);
    if (Files.exists(file)) {
      throw new UsageException(
          "--checkpoint: %s exists already; continue from it with --resume, or delete it"
              .formatted(file));
    }
    return new CheckpointFile(file, null);
  }

  /** Returns the source of the interrupted training's data; empty if none exists. */
  public Optional<String> source() {
    return previous == null
        ? Optional.empty()
        : Optional.of(new String(previous, 0, headerLength, StandardCharsets.UTF_8));
  }

  /** Sets the source of the data, which every checkpoint records. */
  public void begin(String source) {
    header = (source.replace('\n', ' ') + '\n').getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Optional<byte[]> last() {
    return previous == null
        ? Optional.empty()
        : Optional.of(Arrays.copyOfRange(previous, headerLength + 1, previous.length));
  }

  @Override
  public void save(byte[] checkpoint) {
    byte[] bytes =
        ByteBuffer.allocate(header.length + checkpoint.length).put(header).put(checkpoint).array();
    OutputFile.write(file, bytes);
  }

  /** Deletes the file. */
  public void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file + ": " + e.getMessage(), e);
    }
  }
}
