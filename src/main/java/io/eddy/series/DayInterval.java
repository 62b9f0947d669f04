package io.eddy.series;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/**
 * Steps of a number of local days. A day with a change of the clock has 23 or 25 hours.
 *
 * @param days length of a step
 * @param offset local date on which step 0 starts, in days since 1970-01-01, below {@code days}
 * @param zone in which a day starts
 */
record DayInterval(int days, int offset, ZoneId zone) implements Interval {
  static final int MAX_DAYS = 3660;
  private static final int WEEK = 7;
  private static final int WEEKS_OF_YEAR = 52;

  /** 1970-01-05 was a Monday. */
  private static final int MONDAY = 4;

  DayInterval {
    zone = LocalTimes.normalized(zone);
    if (days < 1 || days > MAX_DAYS) {
      throw new IllegalArgumentException(
          "interval: expected P1D to P%dD, got P%dD".formatted(MAX_DAYS, days));
    }
    if (offset < 0 || offset >= days) {
      throw new IllegalArgumentException(
          "interval: P%dD: expected a first step from 1970-01-01 to %s, got %s"
              .formatted(days, LocalDate.ofEpochDay(days - 1), LocalDate.ofEpochDay(offset)));
    }
  }

  /** Returns the default offset: weeks start on Monday, as in ISO 8601. */
  static int defaultOffset(int days) {
    return days % WEEK == 0 ? MONDAY : 0;
  }

  @Override
  public long stepOf(long timestampMs) {
    return Math.floorDiv(LocalTimes.epochDay(timestampMs, zone) - offset, days);
  }

  @Override
  public long startMs(long step) {
    return LocalTimes.startOfDayMs(LocalDate.ofEpochDay(step * days + offset), zone);
  }

  @Override
  public Duration meanLength() {
    return Duration.ofDays(days);
  }

  @Override
  public List<Integer> seasons() {
    if (days == WEEK) {
      return List.of(WEEKS_OF_YEAR);
    }
    return days == 1 ? List.of(WEEK) : List.of();
  }

  @Override
  public Interval startingOn(LocalDate date) {
    return days == 1
        ? this
        : new DayInterval(days, (int) Math.floorMod(date.toEpochDay(), (long) days), zone);
  }

  @Override
  public String toString() {
    return IntervalFormat.format(
        "P%dD".formatted(days),
        offset == defaultOffset(days) ? null : LocalDate.ofEpochDay(offset),
        zone);
  }
}
