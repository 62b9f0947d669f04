package io.eddy.series.time;

import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Format of a timestamp in a field or column.
 *
 * @param kind kind of the format
 * @param pattern pattern of {@link DateTimeFormatter}; null except for {@link Kind#PATTERN}
 */
public record TimestampFormat(Kind kind, @Nullable String pattern) {
  /** Text in ISO-8601 or RFC 1123, or epoch milliseconds; a CSV column may have another unit. */
  public static final TimestampFormat AUTO = new TimestampFormat(Kind.AUTO, null);

  /** Text in ISO-8601 and its usual variants. */
  public static final TimestampFormat ISO_8601 = new TimestampFormat(Kind.ISO_8601, null);

  /** Text such as {@code Mon, 01 Jan 2024 00:00:00 GMT}. */
  public static final TimestampFormat RFC_1123 = new TimestampFormat(Kind.RFC_1123, null);

  /** Seconds since 1970, possibly with a fraction; a number or text, as all units below. */
  public static final TimestampFormat S = new TimestampFormat(Kind.S, null);

  /** Milliseconds since 1970. */
  public static final TimestampFormat MS = new TimestampFormat(Kind.MS, null);

  /** Microseconds since 1970. */
  public static final TimestampFormat US = new TimestampFormat(Kind.US, null);

  /** Nanoseconds since 1970. */
  public static final TimestampFormat NS = new TimestampFormat(Kind.NS, null);

  /** Days since 1970 as a local date. */
  public static final TimestampFormat DAYS = new TimestampFormat(Kind.DAYS, null);

  /** Serial days of a spreadsheet: local days since 1899-12-30, with a fraction for the time. */
  public static final TimestampFormat EXCEL = new TimestampFormat(Kind.EXCEL, null);

  /** Dates of digits only, whose spelling in lower case stands for the pattern. */
  private static final List<String> DIGITS =
      List.of(
          "yyyy",
          "yyyyMM",
          "yyyyMMdd",
          "yyyyMMddHH",
          "yyyyMMddHHmm",
          "yyyyMMddHHmmss",
          "yyyyMMddHHmmssSSS");

  /** Kinds of formats. */
  public enum Kind {
    /** See {@link TimestampFormat#AUTO}. */
    AUTO("epoch milliseconds or an ISO-8601 time"),
    /** See {@link TimestampFormat#ISO_8601}. */
    ISO_8601("an ISO-8601 time"),
    /** See {@link TimestampFormat#RFC_1123}. */
    RFC_1123("an RFC 1123 time"),
    /** See {@link TimestampFormat#S}. */
    S("epoch seconds"),
    /** See {@link TimestampFormat#MS}. */
    MS("epoch milliseconds"),
    /** See {@link TimestampFormat#US}. */
    US("epoch microseconds"),
    /** See {@link TimestampFormat#NS}. */
    NS("epoch nanoseconds"),
    /** See {@link TimestampFormat#DAYS}. */
    DAYS("days since 1970"),
    /** See {@link TimestampFormat#EXCEL}. */
    EXCEL("spreadsheet serial days"),
    /** A pattern of {@link DateTimeFormatter}. */
    PATTERN("a time of the pattern");

    private final String description;

    Kind(String description) {
      this.description = description;
    }

    /** Returns the unit of an epoch; null if the kind is not one. */
    public @Nullable EpochUnit unit() {
      return switch (this) {
        case S -> EpochUnit.S;
        case MS -> EpochUnit.MS;
        case US -> EpochUnit.US;
        case NS -> EpochUnit.NS;
        default -> null;
      };
    }

    private String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public TimestampFormat {
    if ((kind == Kind.PATTERN) != (pattern != null)) {
      throw new IllegalArgumentException("pattern: expected one exactly for kind PATTERN");
    }
  }

  /**
   * Returns the format with this id, or of this pattern.
   *
   * @throws IllegalArgumentException if it is neither; the message lists the ids
   */
  public static TimestampFormat of(String id) {
    for (Kind kind : Kind.values()) {
      if (kind != Kind.PATTERN && kind.id().equalsIgnoreCase(id)) {
        return new TimestampFormat(kind, null);
      }
    }
    for (String digits : DIGITS) {
      if (digits.equalsIgnoreCase(id)) {
        return ofPattern(digits);
      }
    }
    return ofPattern(id);
  }

  /**
   * Returns the format of a pattern.
   *
   * @throws IllegalArgumentException if the pattern is not one of dates
   */
  static TimestampFormat ofPattern(String pattern) {
    try {
      TimestampPattern.of(pattern);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "expected %s, or a pattern such as dd.MM.yyyy HH:mm:ss; got '%s'"
              .formatted(ids(), pattern),
          e);
    }
    return new TimestampFormat(Kind.PATTERN, pattern);
  }

  /** Returns the ids of all formats except patterns, separated by commas. */
  public static String ids() {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind != Kind.PATTERN)
        .map(Kind::id)
        .collect(Collectors.joining(", "));
  }

  /** Returns the ids of {@link #ids()} except {@code auto}. */
  static String explicitIds() {
    return ids().substring(AUTO.id().length() + 2);
  }

  /** Returns the id, or the pattern. */
  public String id() {
    return pattern == null ? kind.id() : pattern;
  }

  /** Returns a description for messages, such as {@code epoch seconds}. */
  public String description() {
    return pattern == null ? kind.description : kind.description + ' ' + pattern;
  }

  /** Returns the description. */
  @Override
  public String toString() {
    return description();
  }
}
