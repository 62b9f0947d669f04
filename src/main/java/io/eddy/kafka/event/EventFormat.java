package io.eddy.kafka.event;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

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
  AVRO,
  /** A Protobuf message whose schema is in a registry. */
  PROTOBUF,
  /** Lines of InfluxDB's line protocol. */
  INFLUX,
  /** Kafka's encoding of a double, as of all types below; the timestamp is the record's. */
  DOUBLE,
  FLOAT,
  LONG,
  INT,
  SHORT;

  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether an event is a number without fields. */
  public boolean isNumber() {
    return this == NUMBER || isBinaryNumber();
  }

  /** Returns whether an event can have covariates. */
  public boolean hasCovariates() {
    return !isNumber() && this != INFLUX;
  }

  /** Returns whether events can be written in this format. */
  public boolean isWritable() {
    return this != PROTOBUF;
  }

  /** Returns whether an event can name a schema in a registry. */
  public boolean hasRegistry() {
    return this == JSON || this == AVRO || this == PROTOBUF;
  }

  /** Returns whether an event is a number in Kafka's binary encoding. */
  boolean isBinaryNumber() {
    return compareTo(DOUBLE) >= 0;
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
    throw new IllegalArgumentException(
        "event format: expected one of %s, got %s"
            .formatted(
                Arrays.stream(values()).map(EventFormat::id).collect(Collectors.joining(", ")),
                id));
  }
}
