package io.eddy.kafka.record;

import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Writes records of one schema, field by field, in the order of the schema.
 *
 * @param <V> the domain's form of the record
 */
interface RecordEncoder<V> {
  /** Returns the fingerprint of the schema that this encoder writes. */
  long fingerprint();

  /** Writes a record without a header. */
  void write(V value, AvroBuffer to);

  /**
   * Checks that the encoder was written for a schema.
   *
   * @throws IllegalStateException if the schema has changed since
   */
  static void requireSchema(RecordEncoder<?> encoder, Schema schema) {
    long actual = SchemaNormalization.parsingFingerprint64(schema);
    if (actual != encoder.fingerprint()) {
      throw new IllegalStateException(
          "%s writes the schema with the fingerprint %016x, got %s with %016x: adapt the encoder"
              .formatted(
                  encoder.getClass().getSimpleName(),
                  encoder.fingerprint(),
                  schema.getName(),
                  actual));
    }
  }
}
