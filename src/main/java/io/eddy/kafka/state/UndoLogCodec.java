package io.eddy.kafka.state;

import io.eddy.engine.UndoEntry;
import io.eddy.engine.UndoHead;
import io.eddy.engine.UndoStep;
import io.eddy.series.OpenSteps;
import io.eddy.series.store.StoreKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the undo log of a series, big-endian. Each value begins with a layout byte, 1; bases are
 * encoded by {@link StateCodec}.
 *
 * <pre>
 *   head   8 steps so far    8 last closed step    1 number of bases, the newest last, and for each
 *          8 its number    8 last step before it    1 whether a part was overwritten since
 *          8 number of the part overwritten last
 *   step   8 measured step before it    4 revision of its forecast    the step, as {@link
 *          OpenStepsCodec} encodes it
 *   entry  1 whether a part was overwritten before    8 number of that part
 *          1 whether there was a value    the value
 * </pre>
 */
final class UndoLogCodec {
  private static final byte LAYOUT = 1;
  private static final int BASE_BYTES = 8 + 8 + 1 + 8;

  /** Encodes the parts of a series. */
  interface ValueCodec {
    byte[] encode(StoreKey<?> key, Object value);

    Object decode(StoreKey<?> key, byte[] value);
  }

  private UndoLogCodec() {}

  static byte[] encode(UndoHead head) {
    int bases = head.bases().size();
    ByteBuffer bytes = ByteBuffer.allocate(1 + 8 + 8 + 1 + BASE_BYTES * bases);
    bytes.put(LAYOUT).putLong(head.count()).putLong(head.lastStep()).put((byte) bases);
    for (UndoHead.Base base : head.bases()) {
      bytes.putLong(base.number()).putLong(base.lastStep());
      putPart(bytes, base.lastOverwritten());
    }
    return bytes.array();
  }

  /** Throws {@link UnknownLayoutException} on an unknown layout. */
  static UndoHead decodeHead(byte[] value) {
    ByteBuffer bytes = open(value);
    long count = bytes.getLong();
    long lastStep = bytes.getLong();
    List<UndoHead.Base> bases = new ArrayList<>();
    for (int left = bytes.get(); left > 0; left--) {
      bases.add(new UndoHead.Base(bytes.getLong(), bytes.getLong(), getPart(bytes)));
    }
    return new UndoHead(count, lastStep, bases);
  }

  static byte[] encode(UndoStep step) {
    OpenSteps steps = new OpenSteps();
    steps.append(step.step());
    ByteBuffer bytes = ByteBuffer.allocate(1 + 8 + 4 + OpenStepsCodec.size(steps));
    bytes.put(LAYOUT).putLong(step.previousStep()).putInt(step.revision());
    OpenStepsCodec.put(bytes, steps);
    return bytes.array();
  }

  /** Throws {@link UnknownLayoutException} on an unknown layout. */
  static UndoStep decodeStep(byte[] value) {
    ByteBuffer bytes = open(value);
    long previousStep = bytes.getLong();
    int revision = bytes.getInt();
    OpenSteps steps = new OpenSteps();
    OpenStepsCodec.get(bytes, steps);
    return new UndoStep(previousStep, revision, steps.first());
  }

  /**
   * Encodes an entry.
   *
   * @param part that was overwritten
   */
  static byte[] encode(UndoEntry entry, StoreKey<?> part, ValueCodec codec) {
    byte[] value = entry.value() == null ? null : codec.encode(part, entry.value());
    ByteBuffer bytes = ByteBuffer.allocate(1 + 9 + 1 + (value == null ? 0 : value.length));
    bytes.put(LAYOUT);
    putPart(bytes, entry.previous());
    bytes.put((byte) (value == null ? 0 : 1));
    return value == null ? bytes.array() : bytes.put(value).array();
  }

  /** Throws {@link UnknownLayoutException} on an unknown layout. */
  static UndoEntry decodeEntry(byte[] value, StoreKey<?> part, ValueCodec codec) {
    ByteBuffer bytes = open(value);
    StoreKey<?> previous = getPart(bytes);
    if (bytes.get() == 0) {
      return new UndoEntry(previous, null);
    }
    byte[] former = new byte[bytes.remaining()];
    bytes.get(former);
    return new UndoEntry(previous, codec.decode(part, former));
  }

  private static ByteBuffer open(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte layout = bytes.get();
    if (layout != LAYOUT) {
      throw new UnknownLayoutException("undo log", layout);
    }
    return bytes;
  }

  private static void putPart(ByteBuffer bytes, @Nullable StoreKey<?> part) {
    bytes.put((byte) (part == null ? 0 : 1)).putLong(part == null ? 0 : StoreKeys.number(part));
  }

  private static @Nullable StoreKey<?> getPart(ByteBuffer bytes) {
    boolean isPresent = bytes.get() != 0;
    long number = bytes.getLong();
    return isPresent ? StoreKeys.partOf(number) : null;
  }
}
