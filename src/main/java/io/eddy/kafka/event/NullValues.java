package io.eddy.kafka.event;

import java.util.Locale;

/** Treatment of records without a value, and of change events that report a deleted row. */
public enum NullValues {
  /** A record without a value is a dead letter; a deleted row is skipped. */
  DEAD_LETTER,
  /** The series that the record's key names is deleted. */
  DELETE,
  /** The record is skipped. */
  SKIP;

  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the treatment with this id, one of {@link #id()}. */
  public static NullValues of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
