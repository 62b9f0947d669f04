package io.eddy.training;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The latest checkpoint of each member of a model, stored as one checkpoint. A member that has
 * finished resumes from its last checkpoint and finishes immediately.
 *
 * <pre>
 *   8        "EddyMbrs"
 *   4        number of members that have a checkpoint
 *   4 + n    {@link Checkpoint} of each member
 * </pre>
 *
 * <p>Big-endian.
 */
final class MemberCheckpoints {
  private static final byte[] MAGIC = "EddyMbrs".getBytes(StandardCharsets.US_ASCII);

  private final CheckpointStore store;
  private final List<byte[]> parts;

  private MemberCheckpoints(CheckpointStore store, List<byte[]> parts) {
    this.store = store;
    this.parts = parts;
  }

  /**
   * Reads the stored checkpoints of a model.
   *
   * @param members number of members of the model
   * @throws IllegalArgumentException if the stored bytes are invalid; the message states the
   *     problem
   */
  static MemberCheckpoints of(CheckpointStore store, int members) {
    return new MemberCheckpoints(
        store, store.last().map(bytes -> split(bytes, members)).orElseGet(ArrayList::new));
  }

  /** Returns the store of one member. Members must be saved in ascending order. */
  CheckpointStore member(int index) {
    return new CheckpointStore() {
      @Override
      public Optional<byte[]> last() {
        return index < parts.size() ? Optional.of(parts.get(index)) : Optional.empty();
      }

      @Override
      public void save(byte[] checkpoint) {
        if (index < parts.size()) {
          parts.set(index, checkpoint);
        } else {
          parts.add(checkpoint);
        }
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

  private static List<byte[]> split(byte[] file, int members) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    try {
      byte[] magic = new byte[MAGIC.length];
      bytes.get(magic);
      int count = Arrays.equals(magic, MAGIC) ? bytes.getInt() : 0;
      if (count < 1 || count > members) {
        throw new IllegalArgumentException(
            "checkpoint: expected the checkpoint of a model with %d members".formatted(members));
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
