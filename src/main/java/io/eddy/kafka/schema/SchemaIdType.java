package io.eddy.kafka.schema;

import java.util.Locale;

/** Meaning of the number in the header of a record that names its schema. */
public enum SchemaIdType {
  /** The id of Confluent's REST interface, in 4 bytes. */
  CONFLUENT,
  /** Apicurio's content id, in 4 or 8 bytes. */
  APICURIO_CONTENT,
  /** Apicurio's global id, in 4 or 8 bytes. */
  APICURIO_GLOBAL;

  /** Returns the value of the setting. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the type with this id, one of {@link #id()}. */
  public static SchemaIdType of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
