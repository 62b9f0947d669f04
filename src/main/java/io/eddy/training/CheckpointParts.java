package io.eddy.training;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The latest checkpoint of each part of a training, stored as one checkpoint. A part is the
 * training of one member, or of all members on the training part or on all data. A part that has
 * finished resumes from its last checkpoint and finishes immediately.
 *
 * <pre>
 *   8        "EddyPart"
 *   4        number of parts up to the last one that has a checkpoint
 *   4 + n    checkpoint of each part: a {@link Checkpoint} or parts; empty without a checkpoint
 * </pre>
 *
 * <p>Big-endian.
 */
final class CheckpointParts {
  private static final byte[] MAGIC = "EddyPart".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EMPTY = {};

  private final CheckpointStore store;
  private final List<byte[]> parts;

  private CheckpointParts(CheckpointStore store, List<byte[]> parts) {
    this.store = store;
    this.parts = parts;
  }

  /**
   * Reads the stored checkpoints.
   *
   * @param count number of parts of the training
   * @throws IllegalArgumentException if the stored bytes are invalid; the message states the
   *     problem
   */
  static CheckpointParts of(CheckpointStore store, int count) {
    return new CheckpointParts(
        store, store.last().map(bytes -> split(bytes, count)).orElseGet(ArrayList::new));
  }

  /** Returns the store of one part. */
  CheckpointStore part(int index) {
    return new CheckpointStore() {
      @Override
      public Optional<byte[]> last() {
        return index < parts.size() && parts.get(index).length > 0
            ? Optional.of(parts.get(index))
            : Optional.empty();
      }

      @Override
      public void save(byte[] checkpoint) {
        while (parts.size() <= index) {
          parts.add(EMPTY);
        }
        parts.set(index, checkpoint);
        store.save(joined());
      }
    };
  }

  private byte[] joined() {
    int size = parts.stream().mapToInt(part -> Integer.BYTES + part.length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(MAGIC.length + Integer.BYTES + size);
    bytes.put(MAGIC).putInt(parts.size());
    parts.forEach(part -> bytes.putInt(part.length).put(part));
    return bytes.array();
  }

  private static List<byte[]> split(byte[] file, int maxCount) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    try {
      byte[] magic = new byte[MAGIC.length];
      bytes.get(magic);
      int count = Arrays.equals(magic, MAGIC) ? bytes.getInt() : 0;
      if (count < 1 || count > maxCount) {
        throw new IllegalArgumentException(
            "checkpoint: expected the checkpoint of a training with %d parts".formatted(maxCount));
      }
      List<byte[]> parts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int length = bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
          throw truncated(file);
        }
        byte[] part = new byte[length];
        bytes.get(part);
        parts.add(part);
      }
      return parts;
    } catch (BufferUnderflowException e) {
      throw truncated(file);
    }
  }

  private static IllegalArgumentException truncated(byte[] file) {
    return new IllegalArgumentException(
        "checkpoint: truncated: got %d bytes".formatted(file.length));
  }
}
