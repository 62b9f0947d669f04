package io.eddy.serving.api;

import org.jspecify.annotations.Nullable;

/** The id of a forecast's event: partition and offset of its record, as {@code 3-18215}. */
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
