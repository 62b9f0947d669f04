package io.eddy.kafka.event;

import java.util.Locale;

/** Format of an event's value. */
public enum EventFormat {
  /** A number as text; the timestamp is the record's. */
  NUMBER,
  /**
   * A JSON object, by default {@code {"timestamp": …, "value": …}}. Covariates are further fields;
   * {@code ahead} holds their future values.
   */
  JSON,
  /** An Avro record, by default a single-object encoded {@code SensorEvent}. */
  AVRO;

  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the format with this id.
   *
   * @throws IllegalArgumentException if none exists; the message lists the ids
   */
  public static EventFormat of(String id) {
    for (EventFormat format : values()) {
      if (format.id().equals(id)) {
        return format;
      }
    }
    throw new IllegalArgumentException("event format: expected number, json or avro, got " + id);
  }
}
