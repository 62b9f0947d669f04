package io.eddy.kafka.event;

import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.time.EpochUnit;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The names in the keys of a sample of records. The encoding is the first one, from the strictest
 * to the most general, in which nearly all keys are valid and plausible. Not thread-safe.
 */
public final class KeyNames {
  private static final double MIN_SHARE = 0.95;

  /** From the strictest to the most general. */
  private static final List<String> IDS =
      List.of(
          "windowed-avro",
          "avro",
          "windowed-json",
          "json",
          "windowed",
          "string",
          "windowed-long",
          "windowed-int",
          "windowed-short",
          "windowed-uuid",
          "long",
          "int",
          "short",
          "uuid");

  private final @Nullable KeyEncoding encoding;
  private final @Nullable SeriesKeyReader reader;

  private KeyNames(@Nullable KeyEncoding encoding) {
    this.encoding = encoding;
    reader = encoding == null ? null : reader(encoding);
  }

  private static SeriesKeyReader reader(KeyEncoding encoding) {
    return new SeriesKeyReader(new SeriesKey(List.of(), "/", encoding));
  }

  /**
   * Detects the encoding of keys.
   *
   * @param keys of the records; null for a record without a key
   * @param schema schema of Avro keys; null for none
   * @param registry registry of the schemas of Avro keys; null for none
   */
  public static KeyNames of(
      List<byte @Nullable []> keys,
      @Nullable Schema schema,
      @Nullable SchemaRegistrySettings registry) {
    for (String id : IDS) {
      KeyEncoding encoding = encoding(id, schema, registry);
      if (encoding != null && fits(encoding, keys)) {
        return new KeyNames(encoding);
      }
    }
    return new KeyNames(null);
  }

  private static @Nullable KeyEncoding encoding(
      String id, @Nullable Schema schema, @Nullable SchemaRegistrySettings registry) {
    boolean isAvro = id.endsWith(KeyFormat.AVRO.id());
    return isAvro && schema == null && registry == null
        ? null
        : KeyEncoding.of(id, isAvro ? schema : null, registry);
  }

  private static boolean fits(KeyEncoding encoding, List<byte @Nullable []> keys) {
    SeriesKeyReader reader = reader(encoding);
    double maxMisfits = (1 - MIN_SHARE) * keys.size();
    int misfits = 0;
    for (byte @Nullable [] key : keys) {
      misfits += key != null && fits(encoding, reader, key) ? 0 : 1;
      if (misfits > maxMisfits) {
        return false;
      }
    }
    return !keys.isEmpty();
  }

  private static boolean fits(KeyEncoding encoding, SeriesKeyReader reader, byte[] key) {
    if (encoding.isWindowed() && !endsWithWindow(key)) {
      return false;
    }
    if (encoding.format() == KeyFormat.JSON && !isJsonStart(key)) {
      // A number or a bare word is text.
      return false;
    }
    try {
      return !reader.fields(key).isEmpty();
    } catch (InvalidRecordException | SchemaRegistryException e) {
      return false;
    }
  }

  private static boolean isJsonStart(byte[] key) {
    String text = new String(key, StandardCharsets.ISO_8859_1).strip();
    return text.startsWith("{") || text.startsWith("\"");
  }

  private static boolean endsWithWindow(byte[] key) {
    return key.length > Long.BYTES
        && EpochUnit.MS.isPlausible(ByteBuffer.wrap(key).getLong(key.length - Long.BYTES));
  }

  /** Returns the encoding of the keys; null if there are none, or no encoding fits them. */
  public @Nullable KeyEncoding encoding() {
    return encoding;
  }

  /** Returns the series name in a key; null if the key as a whole is not one. */
  public @Nullable String name(byte @Nullable [] key) {
    try {
      return reader == null ? null : reader.name(key);
    } catch (InvalidRecordException | SchemaRegistryException e) {
      return null;
    }
  }
}
