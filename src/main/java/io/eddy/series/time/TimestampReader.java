package io.eddy.series.time;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads text and numbers as epoch milliseconds. Fractions of a millisecond are truncated.
 *
 * <p>A local time is read in the zone that is set. In an hour that occurs twice it is the earlier
 * one. A time that a change to summer time skips is moved forward by the length of the gap. Without
 * a zone, local times of CSV files are read as UTC, and those of events are rejected.
 *
 * <p>With {@link TimestampFormat#AUTO} a number is epoch milliseconds if it is a time from 1990 up
 * to 2100 in that unit. Any other is rejected, because it may be in another unit, such as seconds
 * before 1990, or a row number. The unit never depends on other records.
 *
 * <p>Counts what it has read; the counts do not affect reading. Not thread-safe.
 */
public final class TimestampReader {
  /** Latest time: the end of the year 9999. Later ones usually are in a wrong unit. */
  public static final long MAX_MS = 253_402_300_799_999L;

  private static final long DAY_MS = 86_400_000L;

  /** Days from the first serial day of spreadsheets, 1899-12-30, to 1970-01-01. */
  private static final long EXCEL_DAYS = 25_569;

  /** Number of decimals that resolve milliseconds in serial days. */
  private static final int MS_DECIMALS = 8;

  private static final double MAX_DAYS = 1e7;
  private static final double MAX_YEAR = 9999;

  private final TimestampFormat format;
  private final @Nullable ZoneId zone;
  private final @Nullable ZoneRules rules;
  private final TimestampSource source;
  private final @Nullable TimestampPattern pattern;
  private final boolean hasDigitsOnly;
  private final IsoScanner iso = new IsoScanner();
  private long absolute;
  private long local;
  private long ambiguous;
  private long nonexistent;

  /**
   * Creates a reader.
   *
   * @param zone zone of local times; null if it is not set
   */
  public TimestampReader(TimestampFormat format, @Nullable ZoneId zone, TimestampSource source) {
    this.format = format;
    this.source = source;
    this.zone = zone == null && source == TimestampSource.CSV ? ZoneOffset.UTC : zone;
    rules = this.zone == null ? null : this.zone.getRules();
    pattern = format.pattern() == null ? null : TimestampPattern.of(format.pattern());
    hasDigitsOnly =
        format.pattern() != null && format.pattern().chars().allMatch(Character::isLetter);
  }

  public TimestampFormat format() {
    return format;
  }

  /** Returns the counts of the times read so far. */
  public TimestampCounts counts() {
    return new TimestampCounts(absolute, local, ambiguous, nonexistent);
  }

  /**
   * Reads text.
   *
   * @return epoch milliseconds
   * @throws InvalidTimestampException if it is no time of the format
   */
  public long ofText(String text) {
    return switch (format.kind()) {
      case AUTO -> TimeNumber.isNumber(text) ? number(text) : words(text);
      case ISO_8601 -> iso(text, false);
      case RFC_1123 -> rfc(text);
      case S, MS, US, NS, DAYS, EXCEL -> number(text);
      case PATTERN -> isDecimal(text) ? number(text) : pattern(text);
    };
  }

  /** Returns whether a text is a number such as 2024.0, which a pattern of digits reads as 2024. */
  private boolean isDecimal(String text) {
    String number = TimeNumber.normalized(text);
    return number != null && number.endsWith(".0") && hasDigitsOnly;
  }

  private long number(String text) {
    String number = TimeNumber.normalized(text);
    if (number == null) {
      throw expected("got text of the shape " + TextShape.of(text));
    }
    if (!TimeNumber.isInteger(number)) {
      return ofFraction(Double.parseDouble(number));
    }
    try {
      return ofInteger(Long.parseLong(number));
    } catch (NumberFormatException e) {
      throw expected("got a number of %d digits".formatted(number.length()));
    }
  }

  /**
   * Reads a whole number.
   *
   * @return epoch milliseconds
   * @throws InvalidTimestampException if it is no time of the format
   */
  public long ofInteger(long number) {
    return switch (format.kind()) {
      case AUTO -> auto(number);
      case S, MS, US, NS -> epoch(number, unit());
      case DAYS -> days(number);
      case EXCEL -> days(number - EXCEL_DAYS);
      case PATTERN -> pattern(Long.toString(number));
      case ISO_8601, RFC_1123 -> throw expected("got a number");
    };
  }

  private long auto(long number) {
    if (!EpochUnit.MS.isPlausible(number)) {
      NumericForm other = NumericForm.otherThanMilliseconds(number);
      throw other == null ? unknownUnit() : looksLike(other);
    }
    return epoch(number, EpochUnit.MS);
  }

  /**
   * Reads a number with a fraction, rounding to milliseconds.
   *
   * @return epoch milliseconds
   * @throws InvalidTimestampException if it is no time of the format
   */
  public long ofFraction(double number) {
    return switch (format.kind()) {
      case AUTO -> autoFraction(number);
      case S, MS, US, NS -> fraction(number, unit());
      case EXCEL -> serialDays(number);
      case DAYS, PATTERN -> whole(number);
      case ISO_8601, RFC_1123 -> throw expected("got a number");
    };
  }

  private long autoFraction(double number) {
    if (EpochUnit.MS.isPlausible(number)) {
      return fraction(number, EpochUnit.MS);
    }
    NumericForm other = NumericForm.of(number);
    throw other == null ? unknownUnit() : looksLike(other);
  }

  private long whole(double number) {
    if (number != Math.rint(number) || Math.abs(number) > 1L << 53) {
      throw expected("got a number with a fraction");
    }
    return ofInteger((long) number);
  }

  private EpochUnit unit() {
    EpochUnit unit = format.kind().unit();
    return unit == null ? EpochUnit.MS : unit;
  }

  /**
   * Reads a number that counts from 1970 UTC, whatever the format is.
   *
   * @return epoch milliseconds
   * @throws InvalidTimestampException if the time is after the year 9999
   */
  public long epoch(long number, EpochUnit unit) {
    try {
      absolute++;
      return inRange(unit.toMs(number));
    } catch (ArithmeticException e) {
      throw tooLate();
    }
  }

  private long fraction(double number, EpochUnit unit) {
    try {
      absolute++;
      return inRange(unit.toMs(number));
    } catch (ArithmeticException e) {
      throw tooLate();
    }
  }

  /**
   * Reads a number that counts from 1970-01-01T00:00 of the local clock, whatever the format is.
   *
   * @return epoch milliseconds
   * @throws InvalidTimestampException if local times are rejected or it is after the year 9999
   */
  public long localEpoch(long number, EpochUnit unit) {
    try {
      return ofLocalMs(inRange(unit.toMs(number)));
    } catch (ArithmeticException e) {
      throw tooLate();
    }
  }

  /**
   * Reads the days since 1970 of a local date, whatever the format is.
   *
   * @return epoch milliseconds
   * @throws InvalidTimestampException if local times are rejected or it is after the year 9999
   */
  public long days(long days) {
    if (Math.abs((double) days) > MAX_DAYS) {
      throw tooLate();
    }
    return ofLocalMs(inRange(days * DAY_MS));
  }

  /**
   * Reads the begin of a year, whatever the format is.
   *
   * @return epoch milliseconds
   * @throws InvalidTimestampException if local times are rejected or it is after the year 9999
   */
  public long year(long year) {
    if (Math.abs((double) year) > MAX_YEAR) {
      throw tooLate();
    }
    return days(LocalDate.of((int) year, 1, 1).toEpochDay());
  }

  /**
   * Reads serial days. With few decimals they are rounded to seconds, because 1:00 in six decimals
   * is half a second off.
   */
  private long serialDays(double days) {
    if (!(Math.abs(days) <= MAX_DAYS)) {
      throw tooLate();
    }
    double ms = (days - EXCEL_DAYS) * DAY_MS;
    boolean isCoarse = BigDecimal.valueOf(days).scale() < MS_DECIMALS;
    return ofLocalMs(inRange(isCoarse ? Math.round(ms / 1000) * 1000 : Math.round(ms)));
  }

  private long words(String text) {
    return isWord(text) ? rfc(text) : iso(text, true);
  }

  /** Returns whether a text begins with a name, or with a day and a name of a month. */
  private static boolean isWord(String text) {
    String stripped = text.strip();
    int blank = stripped.indexOf(' ');
    return stripped.length() > 1
        && ((Character.isLetter(stripped.charAt(0)) && Character.isLetter(stripped.charAt(1)))
            || (blank > 0 && blank <= 2 && Character.isLetter(stripped.charAt(blank + 1))));
  }

  private long iso(String text, boolean isAuto) {
    String problem = iso.scan(text);
    if (problem != null) {
      throw problem.isEmpty()
          ? expected("got text of the shape %s%s".formatted(TextShape.of(text), setFormat(isAuto)))
          : expected("got " + problem);
    }
    long second = iso.localSecond();
    int ms = iso.nano() / 1_000_000;
    if (iso.offset() != IsoScanner.NONE) {
      absolute++;
      return inRange((second - iso.offset()) * 1000 + ms);
    }
    ZoneId region = iso.region();
    if (region != null) {
      absolute++;
      return inRange(resolve(second * 1000 + ms, region.getRules()));
    }
    return ofLocalMs(second * 1000 + ms);
  }

  private String setFormat(boolean isAuto) {
    return isAuto ? ": set %s to its pattern".formatted(source.formatSetting()) : "";
  }

  private long rfc(String text) {
    String stripped = text.strip();
    try {
      absolute++;
      return inRange(
          DateTimeFormatter.RFC_1123_DATE_TIME
                  .parse(stripped.replaceFirst("(?i)(UTC|UT|Z)$", "GMT"))
                  .getLong(ChronoField.INSTANT_SECONDS)
              * 1000);
    } catch (DateTimeException e) {
      throw expected(
          "got text of the shape %s%s"
              .formatted(
                  TextShape.of(text), setFormat(format.kind() == TimestampFormat.Kind.AUTO)));
    }
  }

  private long pattern(String text) {
    try {
      TimestampPattern.Parsed parsed = Objects.requireNonNull(pattern).parse(text.strip());
      long ms = parsed.local().toInstant(ZoneOffset.UTC).toEpochMilli();
      ZoneId own = parsed.zone();
      if (own == null) {
        return ofLocalMs(inRange(ms));
      }
      absolute++;
      return inRange(resolve(ms, own.getRules()));
    } catch (DateTimeException e) {
      throw expected("got text of the shape " + TextShape.of(text));
    }
  }

  /** Converts a local time, in milliseconds since 1970-01-01T00:00 of the local clock. */
  private long ofLocalMs(long localMs) {
    if (rules == null) {
      throw expected("got a time without a zone: set %s".formatted(source.zoneSetting()));
    }
    local++;
    return inRange(resolve(localMs, rules));
  }

  private long resolve(long localMs, ZoneRules rules) {
    if (rules.isFixedOffset()) {
      return localMs - rules.getOffset(Instant.EPOCH).getTotalSeconds() * 1000L;
    }
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(localMs, 1000L),
            Math.floorMod(localMs, 1000) * 1_000_000,
            ZoneOffset.UTC);
    ZoneOffsetTransition transition = rules.getTransition(time);
    if (transition == null) {
      return localMs - rules.getOffset(time).getTotalSeconds() * 1000L;
    }
    if (transition.isGap()) {
      nonexistent++;
    } else {
      ambiguous++;
    }
    // The offset before the transition is the earlier one of an overlap, and skips a gap.
    return localMs - transition.getOffsetBefore().getTotalSeconds() * 1000L;
  }

  private long inRange(long ms) {
    if (ms > MAX_MS || ms < -MAX_MS) {
      throw tooLate();
    }
    return ms;
  }

  private InvalidTimestampException tooLate() {
    return expected(
        "got a time after the year 9999, which usually is in another unit: see "
            + source.formatSetting());
  }

  private InvalidTimestampException looksLike(NumericForm form) {
    return expected(
        "got a number that looks like %s: set %s = %s"
            .formatted(form.format().description(), source.formatSetting(), form.format().id()));
  }

  private InvalidTimestampException unknownUnit() {
    return expected(
        "got a number that is no time from 1990 to 2100 in any unit: set %s to its unit, such as ms"
            .formatted(source.formatSetting()));
  }

  private InvalidTimestampException expected(String got) {
    return new InvalidTimestampException("expected %s, %s".formatted(format.description(), got));
  }
}
