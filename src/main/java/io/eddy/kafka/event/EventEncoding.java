package io.eddy.kafka.event;

import io.eddy.kafka.schema.SchemaRegistrySettings;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the values of events are written.
 *
 * @param schema of Avro events that name none, or name it by its fingerprint; null where only
 *     {@code SensorEvent} is
 * @param isPlain whether Avro events are the schema's bytes alone
 * @param registry that knows the schemas of Avro events by their ids; null where there is none
 */
public record EventEncoding(
    EventFormat format,
    @Nullable Schema schema,
    boolean isPlain,
    @Nullable SchemaRegistrySettings registry) {
  public EventEncoding {
    if (format != EventFormat.AVRO && (schema != null || isPlain)) {
      throw new IllegalArgumentException(
          "schema: events of format %s have none".formatted(format.id()));
    }
    if (schema != null && schema.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException("schema: expected a record, got " + schema.getType());
    }
    if (isPlain && schema == null) {
      throw new IllegalArgumentException("plain-avro: expected a schema, by events.schema");
    }
  }

  /** A format without schemas of its own. */
  public static EventEncoding of(EventFormat format) {
    return new EventEncoding(format, null, false, null);
  }

  /** Whether events have fields that a mapping can choose from. */
  boolean hasFields() {
    return format == EventFormat.JSON
        || (format == EventFormat.AVRO && (schema != null || registry != null));
  }

  EventEncoding withFormat(EventFormat other) {
    return other == format ? this : new EventEncoding(other, null, false, registry);
  }
}
