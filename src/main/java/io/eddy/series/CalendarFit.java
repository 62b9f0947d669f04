package io.eddy.series;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Fits a calendar interval to the local dates of observations. */
final class CalendarFit {
  private static final double MIN_FIT = 0.95;
  private static final double MIN_SINGLE = 1.0 / 3;
  private static final double MIN_ANCHOR = 0.8;
  private static final double MIN_SAME_DAY = 0.9;
  private static final double MAX_WEEKEND = 0.01;
  private static final int MIN_WEEKENDS = 2;
  private static final double MONTH_DAYS = 30.436875;
  private static final int MONTH_SCATTER_DAYS = 6;
  private static final int LATE_DAY = 25;
  private static final long DAY_MS = 86_400_000;
  private static final long HALF_DAY_MS = DAY_MS / 2;
  private static final long HOUR_MS = 3_600_000;

  private final ZoneId zone;
  private final List<long[]> times;

  /** Local dates of each series, in days since 1970-01-01. */
  private final List<long[]> days;

  /**
   * Creates a fit.
   *
   * @param times of each series, ascending, epoch milliseconds
   */
  CalendarFit(List<long[]> times, ZoneId zone) {
    this.zone = zone;
    this.times = times;
    days =
        times.stream()
            .map(series -> Arrays.stream(series).map(ms -> LocalTimes.epochDay(ms, zone)).toArray())
            .toList();
  }

  /** Returns the interval, or null if none fits. */
  @Nullable DetectedInterval detect() {
    DetectedInterval months = months();
    return months == null ? days() : months;
  }

  private @Nullable DetectedInterval months() {
    Steps steps = Steps.of(days, CalendarFit::month);
    if (!steps.isRegular() || steps.usual() > MonthInterval.MAX_MONTHS || !areMonths(steps)) {
      return null;
    }
    Interval interval = anchored(Interval.ofMonths((int) steps.usual(), zone));
    String dates = areMonthEnds() ? "at ends of months" : "on a day of a month";
    return new DetectedInterval(
        interval,
        steps.singleShare(),
        "%s: %s of the distances between observations are one step; they are %s, and a step is dated by its first day"
            .formatted(interval, FixedIntervalFit.percent(steps.singleShare()), dates),
        null);
  }

  /** Returns whether the observations are at one place of their months. */
  private boolean areMonths(Steps months) {
    if (isSameDay() || areMonthEnds()) {
      return true;
    }
    Steps dayDistances = Steps.of(days, day -> day);
    double length = months.usual() * MONTH_DAYS;
    return months.singleShare() >= MIN_FIT
        && dayDistances.singleShare() < 1
        && dayDistances.share(day -> Math.abs(day - length) <= MONTH_SCATTER_DAYS) >= MIN_FIT;
  }

  private boolean isSameDay() {
    long[] ascending = allDays().map(CalendarFit::dayOfMonth).sorted().toArray();
    long usual = FixedIntervalFit.mode(ascending);
    return shareOfDays(day -> dayOfMonth(day) == usual) >= MIN_SAME_DAY;
  }

  private boolean areMonthEnds() {
    return shareOfDays(day -> date(day).getDayOfMonth() == date(day).lengthOfMonth())
            >= MIN_SAME_DAY
        || (shareOfDays(day -> dayOfMonth(day) >= LATE_DAY) >= MIN_FIT && !isSameDay());
  }

  private @Nullable DetectedInterval days() {
    Steps steps = Steps.of(days, day -> day);
    if (!steps.isRegular()
        || steps.usual() > DayInterval.MAX_DAYS
        || !areNearMultiples(steps.usual())) {
      return null;
    }
    if (steps.usual() == 1 && areBusinessDays()) {
      Interval interval = Interval.ofBusinessDays(zone);
      double share = Steps.of(times, interval::stepOf).singleShare();
      return new DetectedInterval(
          interval,
          share,
          "%s: days from Monday to Friday; a weekend is no gap and belongs to the step of Friday"
              .formatted(interval),
          null);
    }
    Interval interval = anchored(Interval.ofDays((int) steps.usual(), zone));
    return new DetectedInterval(
        interval,
        steps.singleShare(),
        "%s: %s of the distances between observations are one step%s"
            .formatted(interval, FixedIntervalFit.percent(steps.singleShare()), weekday(interval)),
        clockChanges());
  }

  /** Returns whether the distances are about multiples of a number of days. */
  private boolean areNearMultiples(long usualDays) {
    long stepMs = usualDays * DAY_MS;
    Steps distances = Steps.of(times, ms -> ms);
    return distances.share(
            ms -> {
              long remainder = Math.floorMod(ms, stepMs);
              return Math.min(remainder, stepMs - remainder) < HALF_DAY_MS;
            })
        >= MIN_FIT;
  }

  private boolean areBusinessDays() {
    Steps distances = Steps.of(days, day -> day);
    return shareOfDays(CalendarFit::isWeekend) <= MAX_WEEKEND
        && weekends() >= MIN_WEEKENDS
        && distances.share(day -> day == 1) < 1
        && Steps.of(times, Interval.ofBusinessDays(zone)::stepOf).isRegular();
  }

  /** Returns how many observations of a Monday follow one of the Friday before. */
  private long weekends() {
    long count = 0;
    for (long[] series : days) {
      for (int i = 1; i < series.length; i++) {
        boolean isFriday = date(series[i - 1]).getDayOfWeek() == DayOfWeek.FRIDAY;
        count += isFriday && series[i] - series[i - 1] == 3 ? 1 : 0;
      }
    }
    return count;
  }

  private static String weekday(Interval interval) {
    return interval instanceof DayInterval days && days.days() % 7 == 0
        ? "; a step starts on "
            + LocalDate.ofEpochDay(days.offset())
                .getDayOfWeek()
                .getDisplayName(TextStyle.FULL, Locale.ENGLISH)
        : "";
  }

  /** Returns a warning if the days look like those of another zone, else null. */
  private @Nullable String clockChanges() {
    if (!zone.equals(LocalTimes.UTC)) {
      return null;
    }
    Steps distances = Steps.of(times, ms -> ms);
    boolean hasChanges =
        distances.share(ms -> Math.floorMod(ms, DAY_MS) != 0) > 0
            && distances.share(CalendarFit::isWithinHourOfDays) == 1;
    return hasChanges
        ? "some days have 23 or 25 hours: set --zone if the days are those of a time zone"
        : null;
  }

  private static boolean isWithinHourOfDays(long distanceMs) {
    long remainder = Math.floorMod(distanceMs, DAY_MS);
    return remainder == 0 || remainder == HOUR_MS || remainder == DAY_MS - HOUR_MS;
  }

  /** Returns the interval with steps that start where the data are. */
  Interval anchored(Interval interval) {
    if (interval instanceof DayInterval length && length.days() > 1) {
      return anchored(interval, day -> Math.floorMod(day, (long) length.days()), day -> day);
    }
    if (interval instanceof MonthInterval length && length.months() > 1) {
      int shift = areMonthEnds() ? 1 : 0;
      return anchored(
          interval,
          day -> Math.floorMod(month(day) + shift, (long) length.months()),
          offset -> LocalDate.ofEpochDay(0).plusMonths(offset).toEpochDay());
    }
    return interval;
  }

  private Interval anchored(
      Interval interval, LongUnaryOperator offsetOf, LongUnaryOperator dayOf) {
    long[] offsets = allDays().map(offsetOf).sorted().toArray();
    if (offsets.length == 0) {
      return interval;
    }
    long usual = FixedIntervalFit.mode(offsets);
    double share = shareOfDays(day -> offsetOf.applyAsLong(day) == usual);
    return share < MIN_ANCHOR ? interval : interval.startingOn(date(dayOf.applyAsLong(usual)));
  }

  private LongStream allDays() {
    return days.stream().flatMapToLong(Arrays::stream);
  }

  private double shareOfDays(LongPredicate condition) {
    return allDays().filter(condition).count() / (double) allDays().count();
  }

  private static LocalDate date(long day) {
    return LocalDate.ofEpochDay(day);
  }

  private static long month(long day) {
    return MonthInterval.month(date(day));
  }

  private static long dayOfMonth(long day) {
    return date(day).getDayOfMonth();
  }

  private static boolean isWeekend(long day) {
    return date(day).getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0;
  }

  /** Numbers of units between consecutive observations, ascending. */
  private static final class Steps {
    private final long[] ascending;

    private Steps(long[] ascending) {
      this.ascending = ascending;
    }

    static Steps of(List<long[]> series, LongUnaryOperator unit) {
      return new Steps(
          series.stream()
              .flatMapToLong(
                  points ->
                      LongStream.range(1, points.length)
                          .map(
                              i ->
                                  unit.applyAsLong(points[(int) i])
                                      - unit.applyAsLong(points[(int) i - 1])))
              .sorted()
              .toArray());
    }

    /** Returns the most frequent number. */
    long usual() {
      return FixedIntervalFit.mode(ascending);
    }

    double singleShare() {
      long usual = usual();
      return share(difference -> difference == usual);
    }

    double share(LongPredicate condition) {
      return Arrays.stream(ascending).filter(condition).count() / (double) ascending.length;
    }

    /** Returns whether nearly all numbers are multiples of the most frequent one. */
    boolean isRegular() {
      long usual = usual();
      return usual > 0
          && share(difference -> difference > 0 && difference % usual == 0) >= MIN_FIT
          && singleShare() >= MIN_SINGLE;
    }
  }
}
