package io.eddy.series.time;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of {@link DateTimeFormatter} with English names. A missing month or day is the first, a
 * missing time is midnight; a date that does not exist is invalid.
 */
final class TimestampPattern {
  private static final LocalDateTime SAMPLE = LocalDateTime.of(2024, 1, 31, 13, 14, 15);

  private final DateTimeFormatter formatter;

  private TimestampPattern(DateTimeFormatter formatter) {
    this.formatter = formatter;
  }

  /**
   * Compiles a pattern.
   *
   * @throws IllegalArgumentException if it is invalid or has no year
   */
  static TimestampPattern of(String pattern) {
    DateTimeFormatter formatter =
        new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern(pattern)
            .parseDefaulting(ChronoField.ERA, 1)
            .toFormatter(Locale.ENGLISH)
            .withChronology(IsoChronology.INSTANCE)
            .withResolverStyle(ResolverStyle.STRICT);
    TimestampPattern result = new TimestampPattern(formatter);
    result.requireYear();
    return result;
  }

  private void requireYear() {
    try {
      String text = format(SAMPLE, ZoneId.of("UTC"));
      if (parse(text).local.getYear() != SAMPLE.getYear()) {
        throw new IllegalArgumentException("the pattern has no year");
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("the pattern has no date", e);
    }
  }

  /**
   * A parsed time.
   *
   * @param zone zone or offset of the text; null if it has none
   */
  record Parsed(LocalDateTime local, @Nullable ZoneId zone) {}

  /**
   * Parses a text.
   *
   * @throws DateTimeException if it does not match
   */
  Parsed parse(String text) {
    TemporalAccessor parsed = formatter.parse(text);
    LocalTime time = parsed.query(TemporalQueries.localTime());
    LocalDateTime local = date(parsed).atTime(time == null ? LocalTime.MIDNIGHT : time);
    return new Parsed(local, parsed.query(TemporalQueries.zone()));
  }

  private static LocalDate date(TemporalAccessor parsed) {
    LocalDate date = parsed.query(TemporalQueries.localDate());
    if (date != null) {
      return date;
    }
    int month =
        parsed.isSupported(ChronoField.MONTH_OF_YEAR) ? parsed.get(ChronoField.MONTH_OF_YEAR) : 1;
    return YearMonth.of(parsed.get(ChronoField.YEAR), month).atDay(1);
  }

  /** Formats a local time. */
  String format(LocalDateTime local, ZoneId zone) {
    return formatter.format(local.atZone(zone));
  }
}
