package io.eddy.series.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampReaderTest {
  private static final ZoneId LOS_ANGELES = ZoneId.of("America/Los_Angeles");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  private static TimestampReader event(String format) {
    return new TimestampReader(TimestampFormat.of(format), null, TimestampSource.EVENT);
  }

  private static Instant read(TimestampReader reader, String text) {
    return Instant.ofEpochMilli(reader.ofText(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2024-01-31T08:00:00Z | 2024-01-31T08:00:00Z",
        "2024-01-31t08:00:00z | 2024-01-31T08:00:00Z",
        "2024-01-31 08:00:00Z | 2024-01-31T08:00:00Z",
        "' 2024-01-31  08:00:00 Z ' | 2024-01-31T08:00:00Z",
        "2024-01-31T08:00Z | 2024-01-31T08:00:00Z",
        "2024-01-31T08Z | 2024-01-31T08:00:00Z",
        "2024-01-31T24:00Z | 2024-02-01T00:00:00Z",
        "2016-12-31T23:59:60Z | 2016-12-31T23:59:59Z",
        "2024-01-31T08:00:00.5Z | 2024-01-31T08:00:00.500Z",
        "2024-01-31T08:00:00,25Z | 2024-01-31T08:00:00.250Z",
        "2024-01-31T08:00:00.123456789123Z | 2024-01-31T08:00:00.123Z",
        "2024-01-31T08:00:00.000000+00:00 | 2024-01-31T08:00:00Z",
        "2024-01-31T08:00:00+01 | 2024-01-31T07:00:00Z",
        "2024-01-31T08:00:00+0100 | 2024-01-31T07:00:00Z",
        "2024-01-31T08:00:00-0300 | 2024-01-31T11:00:00Z",
        "2024-01-31T08:00:00+05:45 | 2024-01-31T02:15:00Z",
        "2024-01-31T08:00:00+01:00:30 | 2024-01-31T06:59:30Z",
        "2024-01-31T08:00:00\u221203:00 | 2024-01-31T11:00:00Z",
        "2024-01-31 08:00:00 +0100 | 2024-01-31T07:00:00Z",
        "2024-01-31 08:00:00 +0100 CET | 2024-01-31T07:00:00Z",
        "2024-01-31 08:00:00+00 | 2024-01-31T08:00:00Z",
        "2024-01-31 08:00:00 UTC | 2024-01-31T08:00:00Z",
        "2024-01-31 08:00:00 UTC+01:00 | 2024-01-31T07:00:00Z",
        "2024-01-31T08:00:00[Europe/Paris] | 2024-01-31T07:00:00Z",
        "2024-07-31T08:00:00+02:00[Europe/Paris] | 2024-07-31T06:00:00Z",
        "2024-07-31T06:00:00Z[Europe/Paris] | 2024-07-31T06:00:00Z",
        "2024-07-31 08:00 Europe/Paris | 2024-07-31T06:00:00Z",
        "2024-07-31 08:00 America/Port-au-Prince | 2024-07-31T12:00:00Z",
        "20240131T080000Z | 2024-01-31T08:00:00Z",
        "20240131T0800+0100 | 2024-01-31T07:00:00Z",
        "20240131T080000.250Z | 2024-01-31T08:00:00.250Z",
        "20240131080000Z | 2024-01-31T08:00:00Z",
        "20240131 0800Z | 2024-01-31T08:00:00Z",
        "2024-01-31+01:00 | 2024-01-30T23:00:00Z",
        "2024-01-31Z | 2024-01-31T00:00:00Z",
        "2024-W05-3T08:00Z | 2024-01-31T08:00:00Z",
        "2024W053T08Z | 2024-01-31T08:00:00Z",
        "2020-W53-7T00:00Z | 2021-01-03T00:00:00Z",
        "2024-031T08:00Z | 2024-01-31T08:00:00Z",
        "2024031T0800Z | 2024-01-31T08:00:00Z",
        "2024-366T08:00Z | 2024-12-31T08:00:00Z",
        "2024/1/31 8:00Z | 2024-01-31T08:00:00Z",
        "2024.01.31 08:00Z | 2024-01-31T08:00:00Z",
        "2024-01-31 8:00:00 PM Z | -",
        "1949-12-31T23:59:59Z | 1949-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z | 0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z | 9999-12-31T23:59:59.999Z",
        "'Wed, 31 Jan 2024 08:00:00 GMT' | 2024-01-31T08:00:00Z",
        "'Wed, 31 Jan 2024 08:00:00 +0100' | 2024-01-31T07:00:00Z",
        "'Wed, 31 Jan 2024 08:00:00 UTC' | 2024-01-31T08:00:00Z",
        "'1 Feb 2024 08:00:00 GMT' | 2024-02-01T08:00:00Z",
        "1706688000000 | 2024-01-31T08:00:00Z",
        "1706688000000.0 | 2024-01-31T08:00:00Z",
        "1.706688e12 | 2024-01-31T08:00:00Z",
        "631152000000 | 1990-01-01T00:00:00Z",
        "4102444799999 | 2099-12-31T23:59:59.999Z",
        "2000Q1Z | -",
      })
  void readsEverySpellingWithZone(String text, String expected) {
    if (expected.equals("-")) {
      assertThatThrownBy(() -> read(event("auto"), text))
          .isInstanceOf(InvalidTimestampException.class);
      return;
    }
    assertThat(read(event("auto"), text)).isEqualTo(Instant.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-01-31T08:00:00",
        "2024-01-31 08:00:00",
        "2024-01-31 08:00",
        "2024-01-31T08",
        "2024-01-31 8:00 AM",
        "2024-01-31 08:00:00.000000",
        "2024/01/31 08:00:00",
        "20240131T080000",
        "20240131 0800",
        "2024-W05-3 08:00",
        "2024-031 08:00:00,0",
      })
  void readsLocalTimeInZoneOnly(String text) {
    assertThat(read(new TimestampReader(TimestampFormat.AUTO, PARIS, TimestampSource.EVENT), text))
        .isEqualTo(Instant.parse("2024-01-31T07:00:00Z"));
    assertThat(read(new TimestampReader(TimestampFormat.AUTO, null, TimestampSource.CSV), text))
        .isEqualTo(Instant.parse("2024-01-31T08:00:00Z"));
    assertThatThrownBy(() -> read(event("auto"), text))
        .isInstanceOf(InvalidTimestampException.class)
        .hasMessage(
            "expected epoch milliseconds or an ISO-8601 time, got a time without a zone:"
                + " set events.zone");
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-31, 2024-01-30T23:00:00Z",
    "2024-07-31, 2024-07-30T22:00:00Z",
    "2024/7/31, 2024-07-30T22:00:00Z",
    "2024-07, 2024-06-30T22:00:00Z",
    "2024-W31-3, 2024-07-30T22:00:00Z",
    "2024-W31, 2024-07-28T22:00:00Z",
    "2024-213, 2024-07-30T22:00:00Z",
    "2024Q3, 2024-06-30T22:00:00Z",
    "2024-q3, 2024-06-30T22:00:00Z",
    "2024 Q3, 2024-06-30T22:00:00Z",
    "2024:Q3, 2024-06-30T22:00:00Z",
    "Q3 2024, 2024-06-30T22:00:00Z",
    "Q3-2024, 2024-06-30T22:00:00Z",
    "Q3/2024, 2024-06-30T22:00:00Z",
    "2024M07, 2024-06-30T22:00:00Z",
    "2024-M7, 2024-06-30T22:00:00Z",
    "2024-S2, 2024-06-30T22:00:00Z",
    "2024H2, 2024-06-30T22:00:00Z",
    "H2 2024, 2024-06-30T22:00:00Z",
  })
  void dateIsMidnightInZone(String text, Instant expected) {
    assertThat(read(new TimestampReader(TimestampFormat.AUTO, PARIS, TimestampSource.EVENT), text))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1704067200 | s",
        "1704067200000000 | us",
        "1704067200000000000 | ns",
        "20240131080000 | yyyyMMddHHmmss",
        "202401310800 | yyyyMMddHHmm",
        "20240131 | yyyyMMdd",
        "202401 | yyyyMM",
        "19000101 | yyyyMMdd",
        "198501010000 | yyyyMMddHHmm",
        "2024 | yyyy",
        "45292 | excel",
        "45292.5 | excel",
        "19753 | days",
        "1704067200.5 | s",
        "1704067200000000.5 | us",
      })
  void rejectsNumberOfAnotherUnit(String number, String format) {
    assertThatThrownBy(() -> read(event("auto"), number))
        .isInstanceOf(InvalidTimestampException.class)
        .hasMessageEndingWith(": set events.timestamp-format = " + format);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s | 1706688000 | 2024-01-31T08:00:00Z",
        "s | 1706688000.25 | 2024-01-31T08:00:00.250Z",
        "s | 1706688000,25 | 2024-01-31T08:00:00.250Z",
        "s | 1.706688e9 | 2024-01-31T08:00:00Z",
        "s | -86400 | 1969-12-31T00:00:00Z",
        "s | 60 | 1970-01-01T00:01:00Z",
        "ms | 1706688000000 | 2024-01-31T08:00:00Z",
        "ms | 1706688000 | 1970-01-20T18:04:48Z",
        "us | 1706688000000999 | 2024-01-31T08:00:00Z",
        "ns | 1706688000000999999 | 2024-01-31T08:00:00Z",
        "days | 19753 | 2024-01-31T00:00:00Z",
        "excel | 45322.5 | 2024-01-31T12:00:00Z",
        "excel | 45322,5 | 2024-01-31T12:00:00Z",
        "excel | 45322 | 2024-01-31T00:00:00Z",
        "excel | 45322.041667 | 2024-01-31T01:00:00Z",
        "excel | 45322.083333 | 2024-01-31T02:00:00Z",
        "excel | 45322.04166666667 | 2024-01-31T01:00:00Z",
        "excel | 45322.33333449074 | 2024-01-31T08:00:00.100Z",
        "yyyyMMddHHmmss | 20240131080000 | 2024-01-31T08:00:00Z",
        "yyyymmddhhmmss | 20240131080000 | 2024-01-31T08:00:00Z",
        "yyyyMMddHH | 2024013108 | 2024-01-31T08:00:00Z",
        "yyyyMMdd | 20240131 | 2024-01-31T00:00:00Z",
        "yyyyMM | 202402 | 2024-02-01T00:00:00Z",
        "yyyy | 1949 | 1949-01-01T00:00:00Z",
        "yyyy | 1949.0 | 1949-01-01T00:00:00Z",
        "dd.MM.yyyy HH:mm | 31.01.2024 08:00 | 2024-01-31T08:00:00Z",
        "M/d/yyyy h:mm a | 1/31/2024 8:00 pm | 2024-01-31T20:00:00Z",
        "dd/MMM/yyyy:HH:mm:ss Z | 31/Jan/2024:08:00:00 +0100 | 2024-01-31T07:00:00Z",
        "yyyy-MM-dd HH:mm:ss VV | 2024-07-31 08:00:00 Europe/Paris | 2024-07-31T06:00:00Z",
        "EEE MMM dd HH:mm:ss zzz yyyy | Wed Jan 31 08:00:00 UTC 2024 | 2024-01-31T08:00:00Z",
        "uuuuDDD | 2024031 | 2024-01-31T00:00:00Z",
        "iso-8601 | 20240131 | 2024-01-31T00:00:00Z",
      })
  void readsExplicitFormat(String format, String text, Instant expected) {
    assertThat(
            read(new TimestampReader(TimestampFormat.of(format), null, TimestampSource.CSV), text))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auto | noon | got text of the shape aaaa: set events.timestamp-format to its pattern",
        "auto | 31/01/2024 08:00 | got text of the shape dd/dd/dddd dd:dd: set"
            + " events.timestamp-format to its pattern",
        "auto | 2024-02-30T00:00Z | got a date or time of day that does not exist",
        "auto | 2023-02-29T00:00Z | got a date or time of day that does not exist",
        "auto | 2023-366T00:00Z | got a date or time of day that does not exist",
        "auto | 2024-W53-1T00:00Z | got a date or time of day that does not exist",
        "auto | 2024-13-01T00:00Z | got a date or time of day that does not exist",
        "auto | 2024-01-31T25:00Z | got a date or time of day that does not exist",
        "auto | 2024-01-31T24:01Z | got a date or time of day that does not exist",
        "auto | 2024-01-31T08:60Z | got a date or time of day that does not exist",
        "auto | 2024-01-31 13:00 PM | got a date or time of day that does not exist",
        "auto | 2024-01-31 08:00:00 CET | got an unknown zone: expected an offset such as +01:00"
            + " or a name such as Europe/Paris",
        "auto | 2024-01-31 08:00:00 Europe/Atlantis | got an unknown zone: expected an offset such"
            + " as +01:00 or a name such as Europe/Paris",
        "auto | 2024-07-31T08:00+01:00[Europe/Paris] | got an offset that its zone does not have"
            + " at this time",
        "auto | +12024-01-31T08:00Z | got text of the shape +ddddd-dd-ddadd:dda: set"
            + " events.timestamp-format to its pattern",
        "auto | 'Thu, 31 Jan 2024 08:00:00 GMT' | got text of the shape aaa, dd aaa dddd dd:dd:dd"
            + " aaa: set events.timestamp-format to its pattern",
        "ms | 300000000000000 | got a time after the year 9999, which usually is in another"
            + " unit: see events.timestamp-format",
        "auto | 2024Q5 | got text of the shape ddddad: set events.timestamp-format to its pattern",
        "auto | 2024M13 | got text of the shape ddddadd: set events.timestamp-format to its pattern",
        "auto | Q1 24 | got text of the shape ad dd: set events.timestamp-format to its pattern",
        "auto | 99999999999999999999 | got a number of 20 digits",
        "iso-8601 | noon | got text of the shape aaaa",
        "s | noon | got text of the shape aaaa",
        "s | NaN | got text of the shape aaa",
        "s | 1e300 | got a time after the year 9999, which usually is in another unit: see"
            + " events.timestamp-format",
        "excel | 1e300 | got a time after the year 9999, which usually is in another unit: see"
            + " events.timestamp-format",
        "dd.MM.yyyy | 31.02.2024 | got text of the shape dd.dd.dddd",
        "yyyyMMdd | 20240230 | got text of the shape dddddddd",
      })
  void rejectsOtherTextWithoutQuotingIt(String format, String text, String problem) {
    assertThatThrownBy(() -> read(event(format), text))
        .isInstanceOf(InvalidTimestampException.class)
        .hasMessage("expected %s, %s".formatted(TimestampFormat.of(format).description(), problem));
  }

  /** Seconds of 1985, row numbers, and times just outside of 1990 to 2100 in each unit. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "17",
        "12.5",
        "-1000",
        "3600000",
        "473385600",
        "473000000",
        "473385600.5",
        "631151999",
        "9999999999",
        "10000000000",
        "240131080000",
        "473385600000",
        "631151999999",
        "4102444800000",
        "157766400000000",
        "473385600000000",
        "631151999999999",
        "631151999999999999",
        "4102444800000000000",
      })
  void rejectsNumberWhoseUnitIsNotKnown(String number) {
    assertThatThrownBy(() -> read(event("auto"), number))
        .isInstanceOf(InvalidTimestampException.class)
        .hasMessageEndingWith(
            "got a number that is no time from 1990 to 2100 in any unit: set"
                + " events.timestamp-format to its unit, such as ms");
  }

  @Test
  void takesEarlierOfDoubledHourAndSkipsGap() {
    TimestampReader reader =
        new TimestampReader(TimestampFormat.AUTO, LOS_ANGELES, TimestampSource.CSV);

    assertThat(read(reader, "2024-11-03 01:30:00")).isEqualTo("2024-11-03T08:30:00Z");
    assertThat(read(reader, "2024-11-03 02:00:00")).isEqualTo("2024-11-03T10:00:00Z");
    assertThat(read(reader, "2024-03-10 02:30:00")).isEqualTo("2024-03-10T10:30:00Z");
    assertThat(read(reader, "2024-03-10 03:00:00")).isEqualTo("2024-03-10T10:00:00Z");
    assertThat(read(reader, "2024-11-03T01:30:00-08:00")).isEqualTo("2024-11-03T09:30:00Z");
    assertThat(reader.counts()).isEqualTo(new TimestampCounts(1, 4, 1, 1));
    assertThat(reader.counts().isMixed()).isTrue();
  }

  @Test
  void gapOfHalfAnHourAndOfADay() {
    TimestampReader lordHowe =
        new TimestampReader(
            TimestampFormat.AUTO, ZoneId.of("Australia/Lord_Howe"), TimestampSource.CSV);
    TimestampReader apia =
        new TimestampReader(TimestampFormat.AUTO, ZoneId.of("Pacific/Apia"), TimestampSource.CSV);

    assertThat(read(lordHowe, "2024-10-06 02:15")).isEqualTo("2024-10-05T15:45:00Z");
    assertThat(read(apia, "2011-12-30")).isEqualTo("2011-12-30T10:00:00Z");
    assertThat(apia.counts().nonexistent()).isEqualTo(1);
  }

  @Test
  void readsLocalNumbers() {
    TimestampReader paris = new TimestampReader(TimestampFormat.AUTO, PARIS, TimestampSource.EVENT);

    assertThat(Instant.ofEpochMilli(paris.localEpoch(1_706_688_000_000_000L, EpochUnit.US)))
        .isEqualTo("2024-01-31T07:00:00Z");
    assertThat(Instant.ofEpochMilli(paris.days(19_753))).isEqualTo("2024-01-30T23:00:00Z");
    assertThat(Instant.ofEpochMilli(paris.year(2024))).isEqualTo("2023-12-31T23:00:00Z");
  }
}
