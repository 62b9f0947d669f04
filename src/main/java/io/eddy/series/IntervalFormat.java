package io.eddy.series;

import io.eddy.series.time.Zones;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes the text form of an {@link Interval}. */
final class IntervalFormat {
  private static final Duration MIN_LENGTH = Duration.ofMillis(1);
  private static final Pattern FORM =
      Pattern.compile("(?<length>[^/\\[\\]]+)(?:/(?<date>[0-9-]+))?(?:\\[(?<zone>[^\\]]+)\\])?");

  /** A period of ISO 8601 without a time of day. */
  private static final Pattern PERIOD =
      Pattern.compile("P(?:(\\d{1,9})Y)?(?:(\\d{1,9})M)?(?:(\\d{1,9})W)?(?:(\\d{1,9})D)?");

  /** The same with the units of {@link DurationFormat}. */
  private static final Pattern SHORT =
      Pattern.compile("(?:(\\d{1,9})y)?(?:(\\d{1,9})mo)?(?:(\\d{1,9})w)?(?:(\\d{1,9})d)?");

  private IntervalFormat() {}

  static Interval parse(String text, ZoneId defaultZone) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw unexpected(text);
    }
    String zone = form.group("zone");
    Interval interval =
        ofLength(form.group("length"), zone == null ? defaultZone : Zones.of(zone), text);
    if (zone != null && interval instanceof FixedInterval && !isDay(interval)) {
      throw new IllegalArgumentException(
          "interval: expected a calendar period for a zone, got '%s'".formatted(text));
    }
    String date = form.group("date");
    return date == null ? interval : interval.startingOn(date(date, text));
  }

  private static boolean isDay(Interval interval) {
    return interval.equals(Interval.ofDays(1, LocalTimes.UTC));
  }

  private static Interval ofLength(String length, ZoneId zone, String text) {
    if (length.equals(BusinessDayInterval.TEXT)) {
      return Interval.ofBusinessDays(zone);
    }
    Matcher period = PERIOD.matcher(length.toUpperCase(Locale.ROOT));
    Matcher units = SHORT.matcher(length);
    Matcher matched = period.matches() ? period : units.matches() ? units : null;
    if (matched != null) {
      long months = 12 * number(matched, 1) + number(matched, 2);
      long days = 7 * number(matched, 3) + number(matched, 4);
      if ((months > 0) == (days > 0)) {
        throw unexpected(text);
      }
      return months > 0
          ? Interval.ofMonths(bounded(months), zone)
          : Interval.ofDays(bounded(days), zone);
    }
    try {
      Duration duration = DurationFormat.parse(length);
      if (duration.compareTo(MIN_LENGTH) >= 0) {
        return Interval.of(duration);
      }
    } catch (IllegalArgumentException e) {
      throw unexpected(text);
    }
    throw new IllegalArgumentException(
        "interval: expected a duration of at least 1 ms, got '%s'".formatted(text));
  }

  private static long number(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }

  /** Returns the number as an int; every int that large is too long for an interval. */
  private static int bounded(long number) {
    return (int) Math.min(number, Integer.MAX_VALUE);
  }

  private static LocalDate date(String date, String text) {
    try {
      return LocalDate.parse(date);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "interval: expected a date such as 1970-01-05 after the slash, got '%s'".formatted(text),
          e);
    }
  }

  private static IllegalArgumentException unexpected(String text) {
    return new IllegalArgumentException(
        "interval: expected %s, got '%s'".formatted(Interval.DESCRIPTION, text));
  }

  /**
   * Returns the text form.
   *
   * @param date on which a step starts; null for the default
   */
  static String format(String length, @Nullable LocalDate date, ZoneId zone) {
    return length
        + (date == null ? "" : "/" + date)
        + (zone.equals(LocalTimes.UTC) ? "" : "[" + zone.getId() + "]");
  }
}
