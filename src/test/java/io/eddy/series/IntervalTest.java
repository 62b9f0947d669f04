package io.eddy.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IntervalTest {
  private static long ms(String time) {
    return Instant.parse(time).toEpochMilli();
  }

  /** Step that contains a time: its start, and the start of the next step. */
  @ParameterizedTest
  @CsvSource({
    // Fixed durations: counted from the epoch.
    "PT1H, 2024-02-29T12:59:59.999Z, 2024-02-29T12:00:00Z, 2024-02-29T13:00:00Z",
    "PT0.5S, 1969-12-31T23:59:59.700Z, 1969-12-31T23:59:59.500Z, 1970-01-01T00:00:00Z",
    "PT24H, 2024-03-31T12:00:00Z, 2024-03-31T00:00:00Z, 2024-04-01T00:00:00Z",
    // Local days of 23 and 25 hours.
    "P1D[Europe/Berlin], 2024-03-30T23:00:00Z, 2024-03-30T23:00:00Z, 2024-03-31T22:00:00Z",
    "P1D[Europe/Berlin], 2024-10-27T22:59:59Z, 2024-10-26T22:00:00Z, 2024-10-27T23:00:00Z",
    "P1D[Europe/Berlin], 2024-10-27T23:00:00Z, 2024-10-27T23:00:00Z, 2024-10-28T23:00:00Z",
    "P1D[America/New_York], 2024-03-10T05:00:00Z, 2024-03-10T05:00:00Z, 2024-03-11T04:00:00Z",
    "P1D[America/New_York], 2024-11-03T12:00:00Z, 2024-11-03T04:00:00Z, 2024-11-04T05:00:00Z",
    "P1D[Asia/Kolkata], 2024-06-01T18:29:59Z, 2024-05-31T18:30:00Z, 2024-06-01T18:30:00Z",
    // The clock changes at midnight: the day starts at 01:00.
    "P1D[America/Sao_Paulo], 2018-11-04T12:00:00Z, 2018-11-04T03:00:00Z, 2018-11-05T02:00:00Z",
    // Weeks start on Monday, unless a date says otherwise.
    "P7D, 2024-02-29T12:00:00Z, 2024-02-26T00:00:00Z, 2024-03-04T00:00:00Z",
    "P7D/1970-01-04, 2024-02-29T12:00:00Z, 2024-02-25T00:00:00Z, 2024-03-03T00:00:00Z",
    "P7D[Europe/Berlin], 2024-03-31T12:00:00Z, 2024-03-24T23:00:00Z, 2024-03-31T22:00:00Z",
    "P14D, 1970-01-05T00:00:00Z, 1970-01-05T00:00:00Z, 1970-01-19T00:00:00Z",
    "P10D, 1969-12-31T00:00:00Z, 1969-12-22T00:00:00Z, 1970-01-01T00:00:00Z",
    // Months, quarters, years.
    "P1M, 2024-02-29T23:59:59Z, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
    "P1M, 1949-01-31T00:00:00Z, 1949-01-01T00:00:00Z, 1949-02-01T00:00:00Z",
    "P1M[Europe/Berlin], 2024-03-31T22:00:00Z, 2024-03-31T22:00:00Z, 2024-04-30T22:00:00Z",
    "P1M[Pacific/Auckland], 2024-04-15T00:00:00Z, 2024-03-31T11:00:00Z, 2024-04-30T12:00:00Z",
    "P3M, 2024-06-30T00:00:00Z, 2024-04-01T00:00:00Z, 2024-07-01T00:00:00Z",
    "P3M/1970-02-01, 2024-04-30T00:00:00Z, 2024-02-01T00:00:00Z, 2024-05-01T00:00:00Z",
    "P1Y, 2024-12-31T00:00:00Z, 2024-01-01T00:00:00Z, 2025-01-01T00:00:00Z",
    "P1Y/1970-07-01, 2024-06-30T00:00:00Z, 2023-07-01T00:00:00Z, 2024-07-01T00:00:00Z",
    // Business days: a weekend belongs to the step of Friday.
    "business-day, 2024-03-01T17:00:00Z, 2024-03-01T00:00:00Z, 2024-03-04T00:00:00Z",
    "business-day, 2024-03-03T17:00:00Z, 2024-03-01T00:00:00Z, 2024-03-04T00:00:00Z",
    "business-day, 2024-03-04T00:00:00Z, 2024-03-04T00:00:00Z, 2024-03-05T00:00:00Z",
    "business-day, 1969-12-28T00:00:00Z, 1969-12-26T00:00:00Z, 1969-12-29T00:00:00Z",
    "business-day[America/New_York], 2024-03-11T03:59:59Z, 2024-03-08T05:00:00Z, "
        + "2024-03-11T04:00:00Z",
  })
  void stepContainsTime(String text, String time, String start, String next) {
    Interval interval = Interval.parse(text);
    long step = interval.stepOf(ms(time));

    assertThat(Instant.ofEpochMilli(interval.startMs(step))).isEqualTo(Instant.parse(start));
    assertThat(Instant.ofEpochMilli(interval.startMs(step + 1))).isEqualTo(Instant.parse(next));
    assertThat(interval).hasToString(text);
    assertThat(Interval.parse(interval.toString())).isEqualTo(interval);
  }

  /** Every interval covers the time line: 3,000 steps around the epoch and around today. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "PT15M",
        "PT24H",
        "P1D[Europe/Berlin]",
        "P1D[America/New_York]",
        "P1D[Australia/Lord_Howe]",
        "P2D",
        "P7D",
        "P7D/1970-01-04",
        "P10D[Asia/Tehran]",
        "P1M",
        "P1M[Europe/London]",
        "P2M",
        "P3M/1970-03-01",
        "P1Y",
        "P1Y/1970-04-01",
        "P5Y",
        "business-day",
        "business-day[Europe/Berlin]"
      })
  void stepsHaveNoHolesAndNoOverlap(String text) {
    Interval interval = Interval.parse(text);
    for (long center : new long[] {0, interval.stepOf(ms("2024-06-01T00:00:00Z"))}) {
      for (long step = center - 1500; step < center + 1500; step++) {
        long start = interval.startMs(step);
        long end = interval.startMs(step + 1);
        assertThat(end).isGreaterThan(start);
        assertThat(interval.stepOf(start)).isEqualTo(step);
        assertThat(interval.stepOf(end - 1)).isEqualTo(step);
        assertThat(interval.plusSteps(start, 3)).isEqualTo(interval.startMs(step + 3));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1h, PT1H",
    "PT60M, PT1H",
    "90s, PT1M30S",
    "1d12h, PT36H",
    "P1D, P1D[Europe/Berlin]",
    "1d, P1D[Europe/Berlin]",
    "PT24H, PT24H",
    "P1W, P7D[Europe/Berlin]",
    "1w, P7D[Europe/Berlin]",
    "1mo, P1M[Europe/Berlin]",
    "P12M, P1Y[Europe/Berlin]",
    "P3M[UTC], P3M",
    "P1D[Etc/UTC], PT24H",
    "P1M[+02:00], P1M[+02:00]",
    "business-day, business-day[Europe/Berlin]",
    "P1M/2024-05-01, P1M[Europe/Berlin]",
    "P3M/2024-05-01, P3M/1970-02-01[Europe/Berlin]",
    "P7D/2024-03-03, P7D/1970-01-04[Europe/Berlin]",
  })
  void parsesInZone(String text, String expected) {
    assertThat(Interval.parse(text, ZoneId.of("Europe/Berlin"))).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "P",
        "PT",
        "1",
        "0s",
        "P0D",
        "P0M",
        "PT0S",
        "P1M1D",
        "P1MT1H",
        "-P1M",
        "P-1M",
        "P99999D",
        "P5000Y",
        "month",
        "PT1H[Europe/Berlin]",
        "P1M[Mars/Olympus]",
        "P1M/1970-01-15",
        "P1M/x",
        "PT1H/1970-01-01",
        "P7D/1970-13-01",
        "P1M[",
        "business"
      })
  void rejectsOtherText(String text) {
    assertThatThrownBy(() -> Interval.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(interval|unknown time zone).*expected .*");
  }

  @ParameterizedTest
  @CsvSource({
    "PT1H, 24 168",
    "PT24H, 7",
    "P1D[Europe/Berlin], 7",
    "P7D, 52",
    "P1M, 12",
    "P3M, 4",
    "P6M, 2",
    "business-day, 5",
  })
  void hasSeasons(String text, String seasons) {
    assertThat(Interval.parse(text).seasons())
        .extracting(Object::toString)
        .containsExactly(seasons.split(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"P1Y", "P5M", "PT11M", "P10D"})
  void hasNoSeasonThatDoesNotFit(String text) {
    assertThat(Interval.parse(text).seasons()).isEmpty();
  }

  @Test
  void clockChangesGiveDaysOf23And25Hours() {
    Interval days = Interval.parse("P1D[Europe/Berlin]");
    long spring = days.stepOf(ms("2024-03-31T10:00:00Z"));
    long autumn = days.stepOf(ms("2024-10-27T10:00:00Z"));

    assertThat(days.startMs(spring + 1) - days.startMs(spring))
        .isEqualTo(Duration.ofHours(23).toMillis());
    assertThat(days.startMs(autumn + 1) - days.startMs(autumn))
        .isEqualTo(Duration.ofHours(25).toMillis());
  }

  @Test
  void calendarIsThatOfTheZone() {
    Sampling berlin =
        new Sampling(
            Interval.of(Duration.ofHours(1)),
            Aggregation.FIRST,
            3,
            GapFilling.LAST,
            ZoneId.of("Europe/Berlin"));
    Calendar calendar = new Calendar(berlin.interval());
    float[] local = new float[calendar.size()];
    float[] same = new float[calendar.size()];
    long step = berlin.stepOf(ms("2024-07-05T22:00:00Z"));

    calendar.write(berlin.localStartMs(step), local, 0);
    calendar.write(ms("2024-07-06T00:00:00Z"), same, 0);

    assertThat(local).containsExactly(same);
    assertThat(local[local.length - 1]).as("Saturday").isEqualTo(1);
  }

  @Test
  void monthsHaveCovariatesOfTheYear() {
    Calendar calendar = new Calendar(Interval.parse("P1M"));
    float[] january = new float[6];
    float[] nextJanuary = new float[6];
    float[] april = new float[6];
    calendar.write(ms("2024-01-01T00:00:00Z"), january, 0);
    calendar.write(ms("2025-01-01T00:00:00Z"), nextJanuary, 0);
    calendar.write(ms("2024-04-01T00:00:00Z"), april, 0);

    assertThat(calendar.size()).isEqualTo(6);
    assertThat(january).containsExactly(0, 1, 0, 1, 0, 1);
    assertThat(nextJanuary).containsExactly(january);
    assertThat(april[0]).isEqualTo(1);
    assertThat(new Calendar(Interval.parse("P1Y")).size()).isZero();
    assertThat(new Calendar(Interval.parse("P7D")).size()).isEqualTo(6);
    assertThat(new Calendar(Interval.parse("PT168H")).size()).isZero();
  }

  @Test
  void rejectsOtherZoneForCalendarInterval() {
    assertThatThrownBy(
            () ->
                new Sampling(
                    Interval.parse("P1M"),
                    Aggregation.FIRST,
                    3,
                    GapFilling.LAST,
                    ZoneId.of("Europe/Berlin")))
        .hasMessage("zone: expected that of the interval P1M, got Europe/Berlin");
  }
}
