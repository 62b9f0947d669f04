package io.eddy.kafka.record;

import io.eddy.kafka.schema.SchemaRegistrySettings;
import org.jspecify.annotations.Nullable;

/**
 * Format of forecasts and scores. Readers recognize every format by the first byte.
 *
 * @param registry registry of the Avro schemas; null for single-object encoding
 */
public record OutputFormat(Format format, @Nullable SchemaRegistrySettings registry) {
  /** Encoding of a record. */
  public enum Format {
    AVRO,
    JSON
  }

  /** Avro, single-object encoded. */
  public static final OutputFormat DEFAULT = new OutputFormat(Format.AVRO, null);
}
