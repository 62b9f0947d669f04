package io.eddy.kafka.event;

import org.jspecify.annotations.Nullable;

/**
 * Source of an event's timestamp.
 *
 * @param field path of the field; null for the record's timestamp
 * @param isRequired whether an event without the field is rejected; otherwise it gets the record's
 *     timestamp
 * @param format format of the field
 */
public record EventTime(@Nullable String field, boolean isRequired, TimestampFormat format) {
  /** The field {@code timestamp} if present, otherwise the record's timestamp. */
  public static final EventTime DEFAULT = new EventTime("timestamp", false, TimestampFormat.AUTO);

  /** The record's timestamp. */
  public static final EventTime RECORD_TIMESTAMP = new EventTime(null, false, TimestampFormat.AUTO);

  /** Returns the source for a required field. */
  public static EventTime ofField(String field, TimestampFormat format) {
    return new EventTime(field, true, format);
  }
}
