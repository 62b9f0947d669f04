package io.eddy.kafka.event;

import java.util.Locale;

/** Serialized form of a record's key, without a window. */
public enum KeyFormat {
  /** Text in UTF-8. */
  STRING,
  /** An integer of 8 bytes, as Kafka's {@code LongSerializer} writes it. */
  LONG,
  /** An integer of 4 bytes. */
  INT,
  /** An integer of 2 bytes. */
  SHORT,
  /** A UUID as text, as Kafka's {@code UUIDSerializer} writes it, or as 16 bytes. */
  UUID,
  /** An Avro string, integer, enum or record. */
  AVRO,
  /** A JSON string, integer or object. */
  JSON;

  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether two keys with the same name have the same bytes, and thus one partition. */
  boolean isUnique() {
    return this != AVRO && this != JSON;
  }
}
