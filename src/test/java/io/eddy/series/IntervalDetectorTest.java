package io.eddy.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class IntervalDetectorTest {
  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long START = 1_704_067_200_000L; // 2024-01-01, a Monday

  private static long[] regular(int count, long stepMs, LongUnaryOperator jitter) {
    return LongStream.range(0, count)
        .map(i -> START + i * stepMs + jitter.applyAsLong(i))
        .toArray();
  }

  private static long[] exact(int count, long stepMs) {
    return regular(count, stepMs, i -> 0);
  }

  private static LongUnaryOperator uniform(int fromMs, int toMs) {
    Random random = new Random(7);
    return i -> fromMs + random.nextInt(toMs - fromMs + 1);
  }

  private static long[] without(long[] times, int everyNth) {
    return LongStream.range(0, times.length)
        .filter(i -> i % everyNth != 1)
        .map(i -> times[(int) i])
        .toArray();
  }

  private static long[] random(int count, long meanMs) {
    Random random = new Random(3);
    long[] times = new long[count];
    double time = START;
    for (int i = 0; i < count; i++) {
      time += 1 - meanMs * Math.log(1 - random.nextDouble());
      times[i] = (long) time;
    }
    return times;
  }

  private static long[] at(Stream<LocalDateTime> times, ZoneId zone) {
    return times.mapToLong(time -> time.atZone(zone).toInstant().toEpochMilli()).toArray();
  }

  private static Stream<LocalDateTime> midnights(Stream<LocalDate> dates) {
    return dates.map(LocalDate::atStartOfDay);
  }

  private static Stream<LocalDate> days(int count) {
    return LocalDate.of(2024, 1, 1).datesUntil(LocalDate.of(2024, 1, 1).plusDays(count));
  }

  private static boolean isWeekday(LocalDate date) {
    return date.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) < 0;
  }

  private static Stream<LocalDate> monthStarts(int count, int months) {
    return LongStream.range(0, count)
        .mapToObj(i -> LocalDate.of(1949, 1, 1).plusMonths(i * months));
  }

  private static Stream<LocalDate> monthEnds(int count, int months) {
    return LongStream.range(0, count)
        .mapToObj(i -> YearMonth.of(1949, months).plusMonths(i * months).atEndOfMonth());
  }

  private static Stream<LocalDate> lastBusinessDays(int count) {
    return monthEnds(count, 1)
        .map(date -> isWeekday(date) ? date : date.minusDays(date.getDayOfWeek().getValue() - 5));
  }

  static Stream<Arguments> data() {
    return Stream.of(
        arguments("hourly", exact(100, HOUR), UTC, "PT1H"),
        arguments("hourly, 0 to 2 s late", regular(100, HOUR, uniform(0, 2000)), UTC, "PT1H"),
        arguments("hourly, 2 s around", regular(100, HOUR, uniform(-2000, 2000)), UTC, "PT1H"),
        arguments(
            "hourly, whole seconds late", regular(100, HOUR, i -> i % 3 * SECOND), UTC, "PT1H"),
        arguments("1 Hz, ms jitter", regular(500, SECOND, uniform(0, 20)), UTC, "PT1S"),
        arguments("10 Hz, ms jitter", regular(500, 100, uniform(0, 5)), UTC, "PT0.1S"),
        arguments("15 min, gaps", without(without(exact(400, 15 * MINUTE), 5), 7), UTC, "PT15M"),
        arguments("15 min, half missing", without(exact(400, 15 * MINUTE), 2), UTC, "PT30M"),
        arguments(
            "15 min, scattered by a minute, gaps",
            without(regular(400, 15 * MINUTE, uniform(0, 60_000)), 6),
            UTC,
            "PT15M"),
        arguments("61 s exactly", exact(100, 61 * SECOND), UTC, "PT1M1S"),
        arguments("7 min, jitter", regular(200, 7 * MINUTE, uniform(0, 3000)), UTC, "PT7M"),
        arguments("90 min", exact(50, 90 * MINUTE), UTC, "PT1H30M"),
        arguments("36 h", exact(50, 36 * HOUR), UTC, "PT36H"),
        arguments("50 ms", exact(50, 50), UTC, "PT0.05S"),
        arguments("daily", exact(60, 24 * HOUR), UTC, "PT24H"),
        arguments("daily at 06:00", at(days(60).map(d -> d.atTime(6, 0)), UTC), UTC, "PT24H"),
        arguments("Berlin days", at(midnights(days(400)), BERLIN), BERLIN, "P1D[Europe/Berlin]"),
        arguments(
            "Berlin days over spring",
            at(midnights(days(120)), BERLIN),
            BERLIN,
            "P1D[Europe/Berlin]"),
        arguments(
            "Berlin days in winter only",
            at(midnights(days(40)), BERLIN),
            BERLIN,
            "P1D[Europe/Berlin]"),
        arguments(
            "Berlin days with gaps",
            without(at(midnights(days(400)), BERLIN), 6),
            BERLIN,
            "P1D[Europe/Berlin]"),
        arguments("Berlin days, zone not given", at(midnights(days(400)), BERLIN), UTC, "PT24H"),
        arguments(
            "daily readings at any hour of the day",
            at(days(200).map(d -> d.atTime(LocalTime.of(8 + d.getDayOfYear() * 7 % 10, 30))), UTC),
            UTC,
            "PT24H"),
        arguments(
            "business days",
            at(midnights(days(200).filter(IntervalDetectorTest::isWeekday)), UTC),
            UTC,
            "business-day"),
        arguments(
            "business days with holidays",
            at(
                midnights(
                    days(200)
                        .filter(IntervalDetectorTest::isWeekday)
                        .filter(d -> d.getDayOfYear() % 17 != 0)),
                UTC),
            UTC,
            "business-day"),
        arguments(
            "closing prices in New York",
            at(
                days(200).filter(IntervalDetectorTest::isWeekday).map(d -> d.atTime(16, 0)),
                ZoneId.of("America/New_York")),
            ZoneId.of("America/New_York"),
            "business-day[America/New_York]"),
        arguments("one week of workdays", at(midnights(days(5)), UTC), UTC, "PT24H"),
        arguments("weeks from Monday", exact(60, 7 * 24 * HOUR), UTC, "P7D"),
        arguments(
            "weeks from Sunday",
            at(
                midnights(
                    LocalDate.of(2024, 1, 7)
                        .datesUntil(LocalDate.of(2025, 6, 1), java.time.Period.ofDays(7))),
                UTC),
            UTC,
            "P7D/1970-01-04"),
        arguments(
            "weeks in Berlin",
            at(
                midnights(
                    LocalDate.of(2024, 1, 1)
                        .datesUntil(LocalDate.of(2025, 6, 1), java.time.Period.ofDays(7))),
                BERLIN),
            BERLIN,
            "P7D[Europe/Berlin]"),
        arguments("four weeks", exact(30, 28 * 24 * HOUR), UTC, "P28D/1970-01-12"),
        arguments("30 days", exact(30, 30 * 24 * HOUR), UTC, "P30D/1970-01-14"),
        arguments("months", at(midnights(monthStarts(144, 1)), UTC), UTC, "P1M"),
        arguments(
            "months with gaps", without(at(midnights(monthStarts(144, 1)), UTC), 6), UTC, "P1M"),
        arguments("two months", at(midnights(monthStarts(2, 1)), UTC), UTC, "P1M"),
        arguments("ends of months", at(midnights(monthEnds(144, 1)), UTC), UTC, "P1M"),
        arguments(
            "last business days of months", at(midnights(lastBusinessDays(100)), UTC), UTC, "P1M"),
        arguments(
            "the 15th of months",
            at(midnights(monthStarts(30, 1).map(d -> d.withDayOfMonth(15))), UTC),
            UTC,
            "P1M"),
        arguments(
            "Berlin months",
            at(midnights(monthStarts(144, 1)), BERLIN),
            BERLIN,
            "P1M[Europe/Berlin]"),
        arguments("quarters", at(midnights(monthStarts(40, 3)), UTC), UTC, "P3M"),
        arguments("ends of quarters", at(midnights(monthEnds(40, 3)), UTC), UTC, "P3M"),
        arguments(
            "quarters from February",
            at(midnights(monthStarts(40, 3).map(d -> d.plusMonths(1))), UTC),
            UTC,
            "P3M/1970-02-01"),
        arguments("half years", at(midnights(monthStarts(20, 6)), UTC), UTC, "P6M"),
        arguments("years", at(midnights(monthStarts(30, 12)), UTC), UTC, "P1Y"),
        arguments("ends of years", at(midnights(monthEnds(30, 12)), UTC), UTC, "P1Y"),
        arguments(
            "years from July",
            at(midnights(monthStarts(30, 12).map(d -> d.plusMonths(6))), UTC),
            UTC,
            "P1Y/1970-07-01"),
        arguments("years from 1949 to 1951", at(midnights(monthStarts(3, 12)), UTC), UTC, "P1Y"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("data")
  void detects(String name, long[] times, ZoneId zone, String expected) {
    DetectedInterval found = detector(times).detect(zone);

    assertThat(found.interval()).as(found.description()).hasToString(expected);
    assertThat(found.description()).startsWith(expected);
    assertThat(found.share()).isBetween(1 / 3.0, 1.0);
  }

  static Stream<Arguments> irregular() {
    return Stream.of(
        arguments("Poisson, a minute", random(500, MINUTE)),
        arguments("Poisson, a day", random(500, 24 * HOUR)),
        arguments("Poisson, a month", random(300, 30 * 24 * HOUR)),
        arguments(
            "two rates",
            LongStream.concat(
                    LongStream.of(regular(100, 10 * MINUTE, i -> 0)),
                    LongStream.of(regular(100, 10 * MINUTE, i -> 1000 * HOUR + 3 * i * MINUTE)))
                .toArray()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("irregular")
  void asksForIntervalOfIrregularTimes(String name, long[] times) {
    DetectedInterval found = detector(times).detect(UTC);

    assertThat(found.interval()).as(found.description()).isNull();
    assertThatThrownBy(found::required)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("irregular times")
        .hasMessageEndingWith("set --interval");
  }

  @Test
  void statesRounding() {
    DetectedInterval found = detector(regular(100, HOUR, uniform(0, 2000))).detect(UTC);

    assertThat(found.description())
        .startsWith("PT1H, rounded: the distances between observations are PT59M58.");
    assertThat(found.warning()).isNull();
  }

  @Test
  void warnsOfScatterAroundStarts() {
    assertThat(detector(regular(100, HOUR, uniform(-2000, 2000))).detect(UTC).warning())
        .matches("\\d+ % of the observations are in the step of another one.*");
  }

  @Test
  void namesZoneForLocalDaysInUtc() {
    assertThat(detector(at(midnights(days(400)), BERLIN)).detect(UTC).warning())
        .isEqualTo(
            "some days have 23 or 25 hours: set --zone if the days are those of a time zone");
  }

  @Test
  void statesWeekdayAndMonthEnds() {
    assertThat(detector(exact(60, 7 * 24 * HOUR)).detect(UTC).description())
        .contains("a step starts on Monday");
    assertThat(detector(at(midnights(monthEnds(144, 1)), UTC)).detect(UTC).description())
        .contains("at ends of months", "dated by its first day");
  }

  @Test
  void ignoresOrderAndDuplicates() {
    long[] times = exact(50, HOUR);
    long[] shuffled =
        LongStream.concat(LongStream.of(times), LongStream.of(times).skip(10))
            .boxed()
            .sorted((a, b) -> Long.compare(a * 7919 % 101, b * 7919 % 101))
            .mapToLong(Long::longValue)
            .toArray();

    assertThat(detector(shuffled).detect(UTC)).isEqualTo(detector(times).detect(UTC));
  }

  @Test
  void knowsNoIntervalOfSingleObservations() {
    assertThat(detector(new long[] {1}, new long[] {2}, new long[] {3, 3}).detect(UTC))
        .isEqualTo(
            DetectedInterval.none(
                "no series has two observations at different times: the interval is unknown;"
                    + " set --interval"));
  }

  @Test
  void seriesOfSeveralIntervalsGiveTheShortestOne() {
    assertThat(detector(exact(400, 15 * MINUTE), exact(100, HOUR)).detect(UTC).interval())
        .isEqualTo(Interval.of(Duration.ofMinutes(15)));
  }

  @Test
  void requestedPeriodStartsWhereDataAre() {
    IntervalDetector sundays =
        detector(
            at(
                midnights(
                    LocalDate.of(2024, 1, 7)
                        .datesUntil(LocalDate.of(2025, 6, 1), java.time.Period.ofDays(7))),
                UTC));
    IntervalDetector daily = detector(exact(100, 24 * HOUR));

    assertThat(IntervalChoice.parse("P7D", UTC).resolve(sundays)).hasToString("P7D/1970-01-04");
    assertThat(IntervalChoice.parse("P7D/2024-01-01", UTC).resolve(sundays)).hasToString("P7D");
    assertThat(IntervalChoice.parse("P7D", UTC).resolve(daily)).hasToString("P7D");
    assertThat(IntervalChoice.parse("P3M", UTC).resolve(daily)).hasToString("P3M");
    assertThat(
            IntervalChoice.parse("P1Y", UTC)
                .resolve(detector(at(midnights(monthEnds(20, 12).map(d -> d.plusMonths(6))), UTC))))
        .hasToString("P1Y/1970-07-01");
  }

  @Test
  void everyInstantOfMonthlyDataHasItsOwnStep() {
    for (Stream<LocalDate> dates : List.of(monthStarts(144, 1), monthEnds(144, 1))) {
      long[] times = at(midnights(dates), UTC);
      Interval months = detector(times).detect(UTC).required();

      assertThat(LongStream.of(times).map(months::stepOf).distinct().count()).isEqualTo(144);
      assertThat(months.stepOf(times[143]) - months.stepOf(times[0])).isEqualTo(143);
    }
  }

  private static IntervalDetector detector(long[]... series) {
    return IntervalDetector.of(Stream.of(series));
  }
}
