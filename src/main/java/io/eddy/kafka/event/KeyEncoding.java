package io.eddy.kafka.event;

import io.eddy.kafka.schema.SchemaRegistrySettings;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Encoding of the keys of event records.
 *
 * @param isWindowed whether the key is followed by the start of a time window, or by the end and
 *     start of a session window, as the windowed keys of Kafka Streams and ksqlDB
 * @param schema schema of Avro keys without the id of a registry; null for none
 * @param registry resolves the schema ids of Avro keys; null for no registry
 */
public record KeyEncoding(
    KeyFormat format,
    boolean isWindowed,
    @Nullable Schema schema,
    @Nullable SchemaRegistrySettings registry) {
  /** Text in UTF-8. */
  public static final KeyEncoding STRING = new KeyEncoding(KeyFormat.STRING, false, null, null);

  private static final String WINDOWED = "windowed";

  public KeyEncoding {
    if (format == KeyFormat.AVRO && schema == null && registry == null) {
      throw new IllegalArgumentException(
          "key-format: avro keys require schema.registry.url or events.key-schema");
    }
    if (format != KeyFormat.AVRO && schema != null) {
      throw new IllegalArgumentException("key-schema: expected none for keys that are not avro");
    }
  }

  /** Returns the ids of all encodings. */
  public static List<String> ids() {
    return Stream.concat(
            Arrays.stream(KeyFormat.values()).map(KeyFormat::id),
            Stream.concat(
                Stream.of(WINDOWED),
                Arrays.stream(KeyFormat.values()).map(format -> WINDOWED + '-' + format.id())))
        .toList();
  }

  /**
   * Returns the encoding with an id.
   *
   * @param schema schema of Avro keys; null for none
   * @param registry registry of the schemas of Avro keys; null for none
   * @throws IllegalArgumentException if there is none with this id, or an Avro key has no schema
   */
  public static KeyEncoding of(
      String id, @Nullable Schema schema, @Nullable SchemaRegistrySettings registry) {
    boolean isWindowed = id.startsWith(WINDOWED);
    String inner = !isWindowed ? id : id.equals(WINDOWED) ? KeyFormat.STRING.id() : inner(id);
    for (KeyFormat format : KeyFormat.values()) {
      if (format.id().equals(inner)) {
        return new KeyEncoding(
            format, isWindowed, schema, format == KeyFormat.AVRO ? registry : null);
      }
    }
    throw new IllegalArgumentException(
        "key-format: expected one of %s, got '%s'".formatted(String.join(", ", ids()), id));
  }

  private static String inner(String id) {
    return id.startsWith(WINDOWED + '-') ? id.substring(WINDOWED.length() + 1) : "";
  }

  /** Returns the id, as in {@code windowed-long}. */
  public String id() {
    return !isWindowed
        ? format.id()
        : format == KeyFormat.STRING ? WINDOWED : WINDOWED + '-' + format.id();
  }

  /**
   * Returns whether two keys with the same name have the same bytes. Otherwise the events of a
   * series may be in several partitions.
   */
  public boolean isUnique() {
    return format.isUnique() && !isWindowed;
  }
}
