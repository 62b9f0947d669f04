package io.eddy.serving.api;

import org.jspecify.annotations.Nullable;

/**
 * The id of a forecast: partition and offset of the event that produced it, as {@code 3-18215}. If
 * an event produces several forecasts of a series, the id is that of the last one.
 */
record EventId(int partition, long offset) {
  /** Parses an id; null if it is missing or not one. */
  static @Nullable EventId parse(@Nullable String text) {
    return text == null || !text.matches("\\d{1,9}-\\d{1,18}")
        ? null
        : new EventId(
            Integer.parseInt(text.substring(0, text.indexOf('-'))),
            Long.parseLong(text.substring(text.indexOf('-') + 1)));
  }

  @Override
  public String toString() {
    return partition + "-" + offset;
  }
}
