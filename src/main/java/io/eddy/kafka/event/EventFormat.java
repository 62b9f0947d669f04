package io.eddy.kafka.event;

import java.util.Locale;

/** Form of an event's value. */
public enum EventFormat {
  /** A plain number as text; the time is the record's. */
  NUMBER,
  /**
   * {@code {"timestamp": …, "value": …}}; covariates are further fields, {@code ahead} has theirs
   * to come.
   */
  JSON,
  /** A {@code SensorEvent}, single-object encoded. */
  AVRO;

  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The format of that name; throws {@link IllegalArgumentException} naming those there are. */
  public static EventFormat of(String id) {
    for (EventFormat format : values()) {
      if (format.id().equals(id)) {
        return format;
      }
    }
    throw new IllegalArgumentException("event format: expected number, json or avro, got " + id);
  }
}
