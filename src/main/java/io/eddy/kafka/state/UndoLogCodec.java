package io.eddy.kafka.state;

import io.eddy.series.OpenStep;
import io.eddy.series.OpenSteps;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a series can be taken back to ↔ the bytes of the rewind store. Keys are the series as UTF-8,
 * a zero byte, the kind (1 byte) and two numbers of 8 bytes. Big-endian, each value begins with a
 * version byte:
 *
 * <pre>
 *   head   8 steps so far    8 last closed step    1 number of bases, of which the last is the newest,
 *          for each: 8 its number    8 last step before it    1 whether anything was overwritten since
 *          8 number of what was overwritten last
 *   base   the state's bytes, as {@link StateCodec} has them
 *   step   8 the measured step before it    4 revision of its forecast    the step, as {@link
 *          OpenStepsCodec} has it
 *   former 1 whether anything was overwritten before    8 its number    1 whether there was a value
 *          the value
 * </pre>
 */
public final class UndoLogCodec {
  /** Where no step is. */
  public static final long NO_STEP = Long.MIN_VALUE;

  private static final byte VERSION = 1;
  private static final int KEY_BYTES = 1 + 1 + 8 + 8;

  private UndoLogCodec() {}

  /** What stands under a key. */
  public enum Kind {
    HEAD(0),
    BASE(1),
    STEP(2),
    FORMER(3);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }
  }

  /**
   * A state that the series can be taken back to.
   *
   * @param number of the base, ascending
   * @param lastStep the last step closed before it, or {@link #NO_STEP}
   * @param overwritten number of what was overwritten last since; null for nothing
   */
  public record Base(long number, long lastStep, @Nullable Long overwritten) {
    /** The same, since which that was overwritten too. */
    public Base with(@Nullable Long number) {
      return new Base(this.number, lastStep, number);
    }
  }

  /**
   * Where a series stands.
   *
   * @param count steps so far
   * @param lastStep the last closed one
   * @param bases the oldest first
   */
  public record Head(long count, long lastStep, List<Base> bases) {
    public Head {
      bases = List.copyOf(bases);
    }
  }

  /**
   * A closed step that may still be changed.
   *
   * @param before the measured step before it, or {@link #NO_STEP}
   * @param revision of the forecast that was made after it
   * @param step all that was measured in it
   */
  public record KeptStep(long before, int revision, OpenStep step) {}

  /** What was overwritten. */
  public static final class Former {
    private final @Nullable Long before;
    private final byte @Nullable [] value;

    /**
     * What was overwritten; {@code value} is not copied.
     *
     * @param before number of what was overwritten before it since the base; null for nothing
     * @param value that was there; null for none
     */
    public Former(@Nullable Long before, byte @Nullable [] value) {
      this.before = before;
      this.value = value;
    }

    public @Nullable Long before() {
      return before;
    }

    /** Not a copy. */
    public byte @Nullable [] value() {
      return value;
    }
  }

  /** The key of what is kept of a series. */
  public static byte[] key(String series, Kind kind, long a, long b) {
    byte[] name = series.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(name.length + KEY_BYTES)
        .put(name)
        .put((byte) 0)
        .put(kind.code)
        .putLong(a)
        .putLong(b)
        .array();
  }

  /** The first key of what is kept of a series. */
  public static byte[] firstKey(String series) {
    return key(series, Kind.HEAD, 0, 0);
  }

  /** The last one that there may be. */
  public static byte[] lastKey(String series) {
    return key(series, Kind.FORMER, -1, -1);
  }

  public static byte[] encode(Head head) {
    ByteBuffer bytes = ByteBuffer.allocate(1 + 8 + 8 + 1 + 25 * head.bases().size());
    bytes.put(VERSION).putLong(head.count()).putLong(head.lastStep());
    bytes.put((byte) head.bases().size());
    for (Base base : head.bases()) {
      bytes.putLong(base.number()).putLong(base.lastStep());
      putNumber(bytes, base.overwritten());
    }
    return bytes.array();
  }

  /** Throws {@link IllegalStateException} on bytes of a layout that is not known. */
  public static Head head(byte[] value) {
    ByteBuffer bytes = read(value);
    long count = bytes.getLong();
    long lastStep = bytes.getLong();
    List<Base> bases = new ArrayList<>();
    for (int left = bytes.get(); left > 0; left--) {
      bases.add(new Base(bytes.getLong(), bytes.getLong(), getNumber(bytes)));
    }
    return new Head(count, lastStep, bases);
  }

  public static byte[] encode(KeptStep kept) {
    OpenSteps one = new OpenSteps();
    one.append(kept.step());
    ByteBuffer bytes = ByteBuffer.allocate(1 + 8 + 4 + OpenStepsCodec.size(one));
    bytes.put(VERSION).putLong(kept.before()).putInt(kept.revision());
    OpenStepsCodec.put(bytes, one);
    return bytes.array();
  }

  /** Throws {@link IllegalStateException} on bytes of a layout that is not known. */
  public static KeptStep kept(byte[] value) {
    ByteBuffer bytes = read(value);
    long before = bytes.getLong();
    int revision = bytes.getInt();
    OpenSteps one = new OpenSteps();
    OpenStepsCodec.get(bytes, one);
    return new KeptStep(before, revision, one.first());
  }

  public static byte[] encode(Former former) {
    byte[] value = former.value();
    ByteBuffer bytes = ByteBuffer.allocate(1 + 9 + 1 + (value == null ? 0 : value.length));
    bytes.put(VERSION);
    putNumber(bytes, former.before());
    bytes.put((byte) (value == null ? 0 : 1));
    return value == null ? bytes.array() : bytes.put(value).array();
  }

  /** Throws {@link IllegalStateException} on bytes of a layout that is not known. */
  public static Former former(byte[] value) {
    ByteBuffer bytes = read(value);
    Long before = getNumber(bytes);
    if (bytes.get() == 0) {
      return new Former(before, null);
    }
    byte[] was = new byte[bytes.remaining()];
    bytes.get(was);
    return new Former(before, was);
  }

  private static ByteBuffer read(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte version = bytes.get();
    if (version != VERSION) {
      throw new IllegalStateException(
          "what a series goes back to: layout " + version + " is not known");
    }
    return bytes;
  }

  private static void putNumber(ByteBuffer bytes, @Nullable Long number) {
    bytes.put((byte) (number == null ? 0 : 1)).putLong(number == null ? 0 : number);
  }

  private static @Nullable Long getNumber(ByteBuffer bytes) {
    boolean isThere = bytes.get() != 0;
    long number = bytes.getLong();
    return isThere ? Long.valueOf(number) : null;
  }
}
