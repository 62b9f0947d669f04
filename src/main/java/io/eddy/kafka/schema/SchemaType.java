package io.eddy.kafka.schema;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Language of a registered schema. */
public enum SchemaType {
  AVRO("an Avro schema"),
  JSON("a JSON Schema"),
  PROTOBUF("a Protobuf schema");

  private final String description;

  SchemaType(String description) {
    this.description = description;
  }

  /** Returns the type with the name that a registry uses; null if none exists. */
  static @Nullable SchemaType of(String name) {
    for (SchemaType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  /** Returns the value of {@code events.format} for events with such a schema. */
  String format() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the type with an article, for messages. */
  String description() {
    return description;
  }
}
