package io.eddy.series;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/**
 * The interval between the starts of two steps: a fixed duration, or a calendar period in a time
 * zone, whose steps differ in length.
 *
 * <p>Steps are numbered by consecutive longs. They cover the time line without holes: every time
 * belongs to the last step that starts at or before it. A step is identified by its start.
 *
 * <p>The text form is an ISO-8601 duration or period, or {@code business-day}, followed by the date
 * of a start of a step if it is not the default one, and by the zone if it is not UTC: {@code
 * PT15M}, {@code P1M}, {@code P3M/1970-02-01}, {@code P1D[Europe/Berlin]}, {@code business-day}.
 */
public sealed interface Interval
    permits FixedInterval, DayInterval, MonthInterval, BusinessDayInterval {
  /** The accepted forms, to complete the sentence "expected …". */
  String DESCRIPTION =
      "a duration such as 30s, 15m, 1h or PT1H, a calendar period such as P1D, P7D, P1M, P3M or"
          + " P1Y, or business-day";

  /** Returns the number of the step that contains a time. */
  long stepOf(long timestampMs);

  /** Returns the start of a step, epoch milliseconds. */
  long startMs(long step);

  /** Returns the mean length of a step. */
  Duration meanLength();

  /** Returns the zone in which steps start; UTC for a fixed duration. */
  ZoneId zone();

  /**
   * Returns the numbers of steps, above 1, that the natural seasons of this interval have, the
   * shortest season first: a day and a week, or a year.
   */
  List<Integer> seasons();

  /** Returns the length of a step in milliseconds if all steps have the same, else 0. */
  default long fixedMs() {
    return 0;
  }

  /** Returns whether all steps have the same length. */
  default boolean isFixed() {
    return fixedMs() > 0;
  }

  /** Returns the start of the step that is {@code steps} after the one that contains a time. */
  default long plusSteps(long timestampMs, long steps) {
    return startMs(stepOf(timestampMs) + steps);
  }

  /**
   * Returns an interval of the same lengths whose steps start on the given local date.
   *
   * @throws IllegalArgumentException if no step of this interval can start on that date
   */
  Interval startingOn(LocalDate date);

  /** Returns the text form. */
  @Override
  String toString();

  /** Returns a fixed interval. */
  static Interval of(Duration length) {
    return new FixedInterval(length.toMillis());
  }

  /** Returns a fixed interval. */
  static Interval ofMillis(long lengthMs) {
    return new FixedInterval(lengthMs);
  }

  /**
   * Returns an interval of local days. One day in UTC is a fixed interval.
   *
   * @param days length of a step
   */
  static Interval ofDays(int days, ZoneId zone) {
    return days == 1 && LocalTimes.normalized(zone).equals(LocalTimes.UTC)
        ? of(Duration.ofDays(1))
        : new DayInterval(days, DayInterval.defaultOffset(days), zone);
  }

  /**
   * Returns an interval of calendar months, of which one starts in January 1970.
   *
   * @param months length of a step
   */
  static Interval ofMonths(int months, ZoneId zone) {
    return new MonthInterval(months, 0, zone);
  }

  /** Returns the interval of the days from Monday to Friday. */
  static Interval ofBusinessDays(ZoneId zone) {
    return new BusinessDayInterval(zone);
  }

  /**
   * Parses the text form.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static Interval parse(String text) {
    return IntervalFormat.parse(text, LocalTimes.UTC);
  }

  /**
   * Parses the text form.
   *
   * @param zone of a calendar period whose text has none
   * @throws IllegalArgumentException saying what was expected
   */
  static Interval parse(String text, ZoneId zone) {
    return IntervalFormat.parse(text, zone);
  }
}
