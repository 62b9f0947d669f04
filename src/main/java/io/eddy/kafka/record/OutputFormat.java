package io.eddy.kafka.record;

import io.eddy.kafka.schema.SchemaRegistrySettings;
import org.jspecify.annotations.Nullable;

/**
 * How forecasts and scores are written. Readers tell the forms apart by the first byte, whichever
 * is set.
 *
 * @param format Avro or JSON
 * @param registry under which Avro's schemas have ids; null for single-object encoding
 */
public record OutputFormat(Format format, @Nullable SchemaRegistrySettings registry) {
  /** A format of records that are written. */
  public enum Format {
    AVRO,
    JSON
  }

  /** Avro, single-object encoded. */
  public static final OutputFormat DEFAULT = new OutputFormat(Format.AVRO, null);
}
