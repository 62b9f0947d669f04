package io.eddy.kafka.event;

import io.eddy.series.InvalidRecordException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How an event writes a point in time. Finer times than a millisecond are cut to it. */
public enum TimestampFormat {
  /** A whole number of milliseconds since 1970, or a text in ISO-8601 with its zone. */
  AUTO("epoch milliseconds or an ISO-8601 time"),
  /** A text in ISO-8601 with its zone, as in 2026-01-05T00:00:00+01:00. */
  ISO_8601("an ISO-8601 time"),
  /** Seconds since 1970, which may have a fraction; this and what follows as a number or a text. */
  S("epoch seconds"),
  /** Milliseconds since 1970. */
  MS("epoch milliseconds"),
  /** Microseconds since 1970. */
  US("epoch microseconds"),
  /** Nanoseconds since 1970. */
  NS("epoch nanoseconds");

  private static final double FARTHEST_MS = 9e18;

  private final String inWords;

  TimestampFormat(String inWords) {
    this.inWords = inWords;
  }

  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The format of that name; throws {@link IllegalArgumentException} naming those there are. */
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

  /** A whole number as epoch milliseconds. */
  long ofWhole(String field, long number) {
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

  /** A number with a fraction as epoch milliseconds. */
  long ofFraction(String field, double number) {
    double ms =
        switch (this) {
          case S -> number * 1e3;
          case MS -> number;
          case US -> number / 1e3;
          case NS -> number / 1e6;
          case AUTO, ISO_8601 -> Double.NaN;
        };
    if (!(Math.abs(ms) <= FARTHEST_MS)) {
      throw unexpected(field).got(number);
    }
    // The nearest, for a decimal fraction is rarely a binary one.
    return Math.round(ms);
  }

  /** A text as epoch milliseconds. */
  long ofText(String field, String text) {
    return this == AUTO || this == ISO_8601 ? iso(field, text) : number(field, text.strip());
  }

  private long number(String field, String text) {
    try {
      return ofWhole(field, Long.parseLong(text));
    } catch (NumberFormatException whole) {
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
      throw new InvalidRecordException("field %s: expected %s with its zone", field, inWords)
          .got("'" + text + "'");
    }
  }

  /** A field that has another type. */
  InvalidRecordException unexpected(String field, String type) {
    return new InvalidRecordException("field %s: expected %s, got %s", field, inWords, type);
  }

  private InvalidRecordException unexpected(String field) {
    return new InvalidRecordException("field %s: expected %s", field, inWords);
  }
}
