package io.eddy.kafka.event;

import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.series.InvalidRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Detects the format of the keys of a sample of records: the first format, from the strictest to
 * the most general, in which all keys are valid and plausible.
 */
public final class KeyFormatDetector {
  private static final int MAX_KEYS = 1000;

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

  /** Start of the years 1990 and 2100, epoch milliseconds. */
  private static final long MIN_WINDOW_MS = 631_152_000_000L;

  private static final long MAX_WINDOW_MS = 4_102_444_800_000L;

  private final @Nullable Schema schema;
  private final @Nullable SchemaRegistrySettings registry;
  private final Set<Bytes> keys = new LinkedHashSet<>();
  private boolean hasEmptyKeys;

  /**
   * Creates a detector without keys.
   *
   * @param schema schema of Avro keys; null for none
   * @param registry registry of the schemas of Avro keys; null for none
   */
  public KeyFormatDetector(@Nullable Schema schema, @Nullable SchemaRegistrySettings registry) {
    this.schema = schema;
    this.registry = registry;
  }

  /** Adds the key of a record; distinct keys beyond a maximum are ignored. */
  public void add(byte @Nullable [] key) {
    if (key == null || key.length == 0) {
      hasEmptyKeys = true;
    } else if (keys.size() < MAX_KEYS) {
      keys.add(Bytes.wrap(key));
    }
  }

  /** Returns whether some records have no key, so that the key cannot name the series. */
  public boolean hasEmptyKeys() {
    return hasEmptyKeys;
  }

  /** Returns the encoding of the keys; null if there are none, or no encoding fits all of them. */
  public @Nullable KeyEncoding detect() {
    if (keys.isEmpty()) {
      return null;
    }
    for (String id : IDS) {
      KeyEncoding encoding = encoding(id);
      if (encoding != null && fits(encoding)) {
        return encoding;
      }
    }
    return null;
  }

  private @Nullable KeyEncoding encoding(String id) {
    boolean isAvro = id.endsWith(KeyFormat.AVRO.id());
    return isAvro && schema == null && registry == null
        ? null
        : KeyEncoding.of(id, isAvro ? schema : null, registry);
  }

  private boolean fits(KeyEncoding encoding) {
    SeriesKeyReader reader = new SeriesKeyReader(new SeriesKey(List.of(), "/", encoding));
    for (Bytes key : keys) {
      if (!fits(encoding, reader, key.get())) {
        return false;
      }
    }
    return true;
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
    if (key.length <= Long.BYTES) {
      return false;
    }
    long startMs = ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
    return startMs >= MIN_WINDOW_MS && startMs < MAX_WINDOW_MS;
  }
}
