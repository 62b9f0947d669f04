package io.eddy.kafka.event;

import org.jspecify.annotations.Nullable;

/**
 * Where an event's time stands.
 *
 * @param field path of the field; null where the record's own time counts
 * @param isRequired whether the field has to be there; else the record's own time stands in for it
 * @param format of the field
 */
public record EventTime(@Nullable String field, boolean isRequired, TimestampFormat format) {
  /** The field {@code timestamp} where there is one, or else the record's. */
  public static final EventTime DEFAULT = new EventTime("timestamp", false, TimestampFormat.AUTO);

  /** The record's. */
  public static final EventTime RECORD_TIMESTAMP = new EventTime(null, false, TimestampFormat.AUTO);

  /** A field that every event has. */
  public static EventTime ofField(String field, TimestampFormat format) {
    return new EventTime(field, true, format);
  }
}
