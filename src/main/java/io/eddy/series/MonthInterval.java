package io.eddy.series;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/**
 * Steps of a number of calendar months. They start on the first day of a month.
 *
 * @param months length of a step
 * @param offset month in which step 0 starts, in months since January 1970, below {@code months}
 * @param zone in which a month starts
 */
record MonthInterval(int months, int offset, ZoneId zone) implements Interval {
  static final int MAX_MONTHS = 1200;
  private static final int YEAR = 12;
  private static final LocalDate EPOCH = LocalDate.ofEpochDay(0);

  /** Mean length of a month of the Gregorian calendar. */
  private static final Duration MONTH = Duration.ofMillis(TimeOfYear.YEAR_MS / YEAR);

  MonthInterval {
    zone = LocalTimes.normalized(zone);
    if (months < 1 || months > MAX_MONTHS) {
      throw new IllegalArgumentException(
          "interval: expected P1M to P%dM, got P%dM".formatted(MAX_MONTHS, months));
    }
    if (offset < 0 || offset >= months) {
      throw new IllegalArgumentException(
          "interval: P%dM: expected a first step from %s to %s, got %s"
              .formatted(months, EPOCH, EPOCH.plusMonths(months - 1), EPOCH.plusMonths(offset)));
    }
  }

  @Override
  public long stepOf(long timestampMs) {
    LocalDate date = LocalDate.ofEpochDay(LocalTimes.epochDay(timestampMs, zone));
    return Math.floorDiv(month(date) - offset, months);
  }

  /** Returns the months since January 1970. */
  static long month(LocalDate date) {
    return (long) YEAR * (date.getYear() - EPOCH.getYear()) + date.getMonthValue() - 1;
  }

  @Override
  public long startMs(long step) {
    return LocalTimes.startOfDayMs(EPOCH.plusMonths(step * months + offset), zone);
  }

  @Override
  public Duration meanLength() {
    return MONTH.multipliedBy(months);
  }

  @Override
  public List<Integer> seasons() {
    return YEAR % months == 0 && months < YEAR ? List.of(YEAR / months) : List.of();
  }

  @Override
  public Interval startingOn(LocalDate date) {
    if (date.getDayOfMonth() != 1) {
      throw new IllegalArgumentException(
          "interval: P%dM: expected steps that start on the first day of a month, got %s"
              .formatted(months, date));
    }
    return new MonthInterval(months, (int) Math.floorMod(month(date), (long) months), zone);
  }

  @Override
  public String toString() {
    String period = months % YEAR == 0 ? "P%dY".formatted(months / YEAR) : "P%dM".formatted(months);
    return IntervalFormat.format(period, offset == 0 ? null : EPOCH.plusMonths(offset), zone);
  }
}
