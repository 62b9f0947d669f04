package io.eddy.kafka.event;

import io.eddy.series.InvalidRecordException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Format of a timestamp in an event. Timestamps are truncated to milliseconds. */
public enum TimestampFormat {
  /** Integer milliseconds since 1970, or an ISO-8601 string with a zone. */
  AUTO("epoch milliseconds or an ISO-8601 time"),
  /** An ISO-8601 string with a zone, as in {@code 2026-01-05T00:00:00+01:00}. */
  ISO_8601("an ISO-8601 time"),
  /** Seconds since 1970, possibly with a fraction; a number or a string, as all units below. */
  S("epoch seconds"),
  /** Milliseconds since 1970. */
  MS("epoch milliseconds"),
  /** Microseconds since 1970. */
  US("epoch microseconds"),
  /** Nanoseconds since 1970. */
  NS("epoch nanoseconds");

  private static final double MAX_ABS_MS = 9e18;

  private final String description;

  TimestampFormat(String description) {
    this.description = description;
  }

  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the format with this id.
   *
   * @throws IllegalArgumentException if none exists; the message lists the ids
   */
  public static TimestampFormat of(String id) {
    for (TimestampFormat format : values()) {
      if (format.id().equals(id)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "expected %s, got '%s'"
            .formatted(
                Arrays.stream(values()).map(TimestampFormat::id).collect(Collectors.joining(", ")),
                id));
  }

  /** Converts an integer to epoch milliseconds. */
  long ofInteger(String field, long number) {
    try {
      return switch (this) {
        case AUTO, MS -> number;
        case S -> Math.multiplyExact(number, 1000L);
        case US -> Math.floorDiv(number, 1000L);
        case NS -> Math.floorDiv(number, 1_000_000L);
        case ISO_8601 -> throw unexpected(field).got(number);
      };
    } catch (ArithmeticException e) {
      throw unexpected(field).got(number);
    }
  }

  /** Converts a number with a fraction to epoch milliseconds. */
  long ofFraction(String field, double number) {
    double ms =
        switch (this) {
          case S -> number * 1e3;
          case MS -> number;
          case US -> number / 1e3;
          case NS -> number / 1e6;
          case AUTO, ISO_8601 -> Double.NaN;
        };
    if (!(Math.abs(ms) <= MAX_ABS_MS)) {
      throw unexpected(field).got(number);
    }
    // Rounds, because most decimal fractions have no exact binary representation.
    return Math.round(ms);
  }

  /** Converts a string to epoch milliseconds. */
  long ofText(String field, String text) {
    return this == AUTO || this == ISO_8601 ? iso(field, text) : number(field, text.strip());
  }

  private long number(String field, String text) {
    try {
      return ofInteger(field, Long.parseLong(text));
    } catch (NumberFormatException notAnInteger) {
      try {
        return ofFraction(field, Double.parseDouble(text));
      } catch (NumberFormatException e) {
        throw unexpected(field).got("'" + text + "'");
      }
    }
  }

  private long iso(String field, String text) {
    try {
      return text.endsWith("Z")
          ? Instant.parse(text).toEpochMilli()
          : OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new InvalidRecordException("field %s: expected %s with a zone", field, description)
          .got("'" + text + "'");
    }
  }

  /** Returns the exception for a field of another type. */
  InvalidRecordException unexpected(String field, String type) {
    return new InvalidRecordException("field %s: expected %s, got %s", field, description, type);
  }

  private InvalidRecordException unexpected(String field) {
    return new InvalidRecordException("field %s: expected %s", field, description);
  }
}
