package io.eddy.kafka.event;

import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.TimestampReader;
import io.eddy.series.time.TimestampSource;
import io.eddy.series.time.TimestampWriter;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Source of an event's timestamp.
 *
 * @param field path of the field; null for the record's timestamp
 * @param isRequired whether an event without the field is rejected; otherwise it gets the record's
 *     timestamp
 * @param format format of the field
 * @param zone zone of local times; null if they are rejected
 */
public record EventTime(
    @Nullable String field, boolean isRequired, TimestampFormat format, @Nullable ZoneId zone) {
  /** The field {@code timestamp} if present, otherwise the record's timestamp. */
  public static final EventTime DEFAULT =
      new EventTime("timestamp", false, TimestampFormat.AUTO, null);

  /** The record's timestamp. */
  public static final EventTime RECORD_TIMESTAMP =
      new EventTime(null, false, TimestampFormat.AUTO, null);

  /** Returns the source for a required field. */
  public static EventTime ofField(String field, TimestampFormat format) {
    return new EventTime(field, true, format, null);
  }

  /** Returns this source with a zone of local times. */
  public EventTime withZone(@Nullable ZoneId zone) {
    return new EventTime(field, isRequired, format, zone);
  }

  /** Returns whether this is {@link #DEFAULT} except for the zone. */
  public boolean isDefault() {
    return withZone(null).equals(DEFAULT);
  }

  /** Returns a reader of the field. */
  TimestampReader newReader() {
    return new TimestampReader(format, zone, TimestampSource.EVENT);
  }

  /** Returns a writer of the field. */
  TimestampWriter newWriter() {
    return new TimestampWriter(format, zone);
  }
}
