package io.eddy.kafka.event;

import io.eddy.kafka.schema.SchemaFrame;
import io.eddy.kafka.schema.SchemaRegistryClient;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.series.InvalidRecordException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Reads the texts and integers of Avro keys. A key begins with 00 and the id of a schema in the
 * registry, or with C3 01 and the fingerprint of the schema of {@code events.key-schema}, or has no
 * header.
 */
final class AvroKeys {
  private static final int FINGERPRINT_HEADER_BYTES = 10;
  private static final Headers NO_HEADERS = new RecordHeaders();

  private final KeyEncoding encoding;
  private final long fingerprint;

  AvroKeys(KeyEncoding encoding) {
    this.encoding = encoding;
    fingerprint =
        encoding.schema() == null ? 0 : SchemaNormalization.parsingFingerprint64(encoding.schema());
  }

  /**
   * Returns the fields with a string, an integer or an enum, in the order of the schema, by path; a
   * key that is no record has the path "".
   */
  Map<String, String> read(byte[] key) {
    SchemaRegistrySettings registry = encoding.registry();
    SchemaFrame frame = registry == null ? null : SchemaFrame.of(key, NO_HEADERS, registry);
    if (registry != null && frame != null) {
      return read(SchemaRegistryClient.of(registry).avro(frame.id()), key, frame.bodyOffset());
    }
    if (encoding.schema() == null) {
      throw new InvalidRecordException(
          "key: expected an Avro key that starts with 00 and the id of a schema; for other keys set"
              + " events.key-schema or events.key-format");
    }
    return read(encoding.schema(), key, hasFingerprint(key) ? FINGERPRINT_HEADER_BYTES : 0);
  }

  private boolean hasFingerprint(byte[] key) {
    return key.length >= FINGERPRINT_HEADER_BYTES
        && key[0] == (byte) 0xC3
        && key[1] == 1
        && ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getLong(2) == fingerprint;
  }

  private static Map<String, String> read(Schema schema, byte[] key, int from) {
    AvroBytes in = new AvroBytes(key, from);
    Map<String, String> fields = new LinkedHashMap<>();
    read(in, schema, "", fields);
    if (in.remaining() > 0) {
      throw new InvalidRecordException(
          "key does not match its schema: %d bytes left; check events.key-format", in.remaining());
    }
    return fields;
  }

  private static void read(AvroBytes in, Schema schema, String path, Map<String, String> fields) {
    in.step();
    switch (schema.getType()) {
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          read(
              in,
              field.schema(),
              path.isEmpty() ? field.name() : path + '.' + field.name(),
              fields);
        }
      }
      case UNION ->
          read(in, schema.getTypes().get(in.readIndex(schema.getTypes().size())), path, fields);
      default -> {
        Object value = AvroFields.readScalar(in, schema);
        if (value instanceof String || value instanceof Long) {
          fields.put(path, value.toString());
        }
      }
    }
  }
}
