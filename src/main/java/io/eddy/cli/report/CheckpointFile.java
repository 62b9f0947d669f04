package io.eddy.cli.report;

import io.eddy.cli.terminal.OutputFile;
import io.eddy.kafka.config.UsageException;
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

/** A training's checkpoint in a file, after a line that says what its data are. */
public final class CheckpointFile implements CheckpointStore {
  private final Path file;
  private final byte @Nullable [] found;
  private final int lineLength;
  private byte[] line = {};

  private CheckpointFile(Path file, byte @Nullable [] found) {
    this.file = file;
    this.found = found;
    lineLength = found == null ? 0 : new String(found, StandardCharsets.ISO_8859_1).indexOf('\n');
    if (lineLength < 0) {
      throw new IllegalArgumentException("checkpoint: %s is none of a training".formatted(file));
    }
  }

  /** The file to go on from, or to begin anew where there is none yet. */
  public static CheckpointFile resumed(Path file) {
    OutputFile.requireFolder(file);
    try {
      return new CheckpointFile(file, Files.exists(file) ? Files.readAllBytes(file) : null);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** A new file: what another training left is not overwritten. */
  public static CheckpointFile begun(Path file) {
    OutputFile.requireFolder(file);
    if (Files.exists(file)) {
      throw new UsageException(
          "--checkpoint: %s is there already: --resume goes on from it, or remove it"
              .formatted(file));
    }
    return new CheckpointFile(file, null);
  }

  /** What the training to go on with is made from; empty where there is none. */
  public Optional<String> source() {
    return found == null
        ? Optional.empty()
        : Optional.of(new String(found, 0, lineLength, StandardCharsets.UTF_8));
  }

  /** Says what the training is made from, before it saves anything. */
  public void begin(String source) {
    line = (source.replace('\n', ' ') + '\n').getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Optional<byte[]> last() {
    return found == null
        ? Optional.empty()
        : Optional.of(Arrays.copyOfRange(found, lineLength + 1, found.length));
  }

  @Override
  public void save(byte[] checkpoint) {
    byte[] bytes =
        ByteBuffer.allocate(line.length + checkpoint.length).put(line).put(checkpoint).array();
    OutputFile.write(file, bytes);
  }

  /** Removes the file, which is of no use when the model is written. */
  public void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be removed: " + e.getMessage(), e);
    }
  }
}
