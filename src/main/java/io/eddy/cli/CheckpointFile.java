package io.eddy.cli;

import io.eddy.training.Checkpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A training's checkpoint in a file. */
final class CheckpointFile implements Checkpoints {
  private final Path file;
  private final boolean isResumed;

  private CheckpointFile(Path file, boolean isResumed) {
    this.file = file;
    this.isResumed = isResumed;
  }

  /** The file to go on from, or to begin anew where there is none yet. */
  static CheckpointFile resumed(Path file) {
    OutputFile.requireFolder(file);
    return new CheckpointFile(file, true);
  }

  /** A new file: what another training left is not overwritten. */
  static CheckpointFile begun(Path file) {
    OutputFile.requireFolder(file);
    if (Files.exists(file)) {
      throw new UsageException(
          "--checkpoint: %s is there already: --resume goes on from it, or remove it"
              .formatted(file));
    }
    return new CheckpointFile(file, false);
  }

  @Override
  public Optional<byte[]> last() {
    try {
      return isResumed && Files.exists(file)
          ? Optional.of(Files.readAllBytes(file))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void save(byte[] checkpoint) {
    OutputFile.write(file, checkpoint);
  }

  /** Removes the file, which is of no use when the model is written. */
  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be removed: " + e.getMessage(), e);
    }
  }
}
