package io.eddy.training;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The last checkpoint of each member of a model, kept as one. A member that is through goes on from
 * its last one as well, and is through at once.
 *
 * <pre>
 *   8        "EddyMbrs"
 *   4        number of members that have one
 *   4 + n    each member's {@link Checkpoint}
 * </pre>
 *
 * Big-endian.
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
   * What the store holds of a model of that many members.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  static MemberCheckpoints of(CheckpointStore store, int members) {
    return new MemberCheckpoints(
        store, store.last().map(bytes -> split(bytes, members)).orElseGet(ArrayList::new));
  }

  /** Those of one member; members come in turn. */
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
            "checkpoint: expected one of a model of %d members".formatted(members));
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
        "checkpoint: it is truncated: %d bytes".formatted(file.length));
  }
}
