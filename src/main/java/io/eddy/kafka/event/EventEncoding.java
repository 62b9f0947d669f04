package io.eddy.kafka.event;

import io.eddy.kafka.schema.SchemaRegistrySettings;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Encoding of the values of event records.
 *
 * @param schema writer schema of Avro events that carry no schema, or only its fingerprint; null if
 *     there are only {@code SensorEvent}s and schemas of a registry
 * @param isPlain whether an Avro event is the binary encoding alone, without a header
 * @param registry resolves the schema ids of Avro, JSON and Protobuf events; null for no registry
 */
public record EventEncoding(
    EventFormat format,
    @Nullable Schema schema,
    boolean isPlain,
    @Nullable SchemaRegistrySettings registry) {
  public EventEncoding {
    if (format != EventFormat.AVRO && (schema != null || isPlain)) {
      throw new IllegalArgumentException(
          "schema: expected none for format %s".formatted(format.id()));
    }
    if (schema != null && schema.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException("schema: expected a record, got " + schema.getType());
    }
    if (isPlain && schema == null) {
      throw new IllegalArgumentException("plain-avro: expected a schema in events.schema");
    }
  }

  /** Returns the encoding of a format that needs no schema. */
  public static EventEncoding of(EventFormat format) {
    return new EventEncoding(format, null, false, null);
  }

  /** Returns whether a mapping can choose among the fields of an event. */
  boolean hasFields() {
    return format == EventFormat.JSON
        || format == EventFormat.PROTOBUF
        || format == EventFormat.INFLUX
        || (format == EventFormat.AVRO && (schema != null || registry != null));
  }

  EventEncoding withFormat(EventFormat other) {
    return other == format
        ? this
        : new EventEncoding(other, null, false, other.hasRegistry() ? registry : null);
  }
}
