package io.eddy.series.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampDetectorTest {
  private static TimestampFormat detect(String values) {
    TimestampDetector detector = new TimestampDetector(TimestampSource.CSV);
    for (String value : List.of(values.split(";", -1))) {
      detector.add(value);
    }
    return detector.detect();
  }

  @ParameterizedTest
  @CsvSource({
    "1704067200;1704070800, s",
    "1704067200.0;1704067200.5, s",
    "1.7040672e9;1.7040708e9, s",
    "1704067200000;1704070800000, ms",
    "1704067200000000;1704070800000000, us",
    "1704067200000000000;1704070800000000000, ns",
    "1704067200000000000;1.70407080e18, ns",
    "20240101000000;20240101010000, yyyyMMddHHmmss",
    "20240101000000000;20240101010000000, yyyyMMddHHmmssSSS",
    "202401010000;202401010100, yyyyMMddHHmm",
    "20240101;20240102, yyyyMMdd",
    "202401;202402, yyyyMM",
    "1949;1950;1951, yyyy",
    "1700;2008, yyyy",
    "45292;45293, excel",
    "45292.0;45292.041666666664, excel",
    "631152000000;4102444799999, ms",
    "500000000000;700000000123, ms",
    "10000000000;631152000000, ms",
    "198501010000;198501010100, yyyyMMddHHmm",
    "19850101;19850102, yyyyMMdd",
    "198501;198502, yyyyMM",
    "2000Q1;2000Q2, iso-8601",
    "2000-Q1;2000-Q2, iso-8601",
    "Q1 2000;Q2 2000, iso-8601",
    "2024-W05;2024-W06, iso-8601",
    "2024-01-01 00:00:00; ;2024-01-02, iso-8601",
    "2024-01-01;NA, iso-8601",
    "1949-01;1949-02, iso-8601",
    "'Mon, 01 Jan 2024 00:00:00 GMT', rfc-1123",
    "01/12/2024 00:00;13/12/2024 00:00, d/M/yyyy H:mm",
    "16/12/2006 17:24:00;16/12/2006, d/M/yyyy[ H:mm:ss]",
    "16/12/2006 17:24;16/12/2006 17:24:00.250, d/M/yyyy H:mm[:ss.SSS]",
    "1.12.2024;31.12.2024, d.M.yyyy",
    "01.02.2024 00:00;02.02.2024 00:00, d.M.yyyy H:mm",
    "12/01/2024 1:00 AM;12/13/2024 11:00 PM, M/d/yyyy h:mm a",
  })
  void detectsFormat(String values, String format) {
    TimestampFormat detected = detect(values);
    assertThat(detected.id()).isEqualTo(format);
    TimestampReader reader = new TimestampReader(detected, null, TimestampSource.CSV);
    for (String value : List.of(values.split(";", -1))) {
      if (!value.isBlank() && !value.equals("NA")) {
        assertThat(reader.ofText(value)).isGreaterThan(-10_000_000_000_000L);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0;1;2;3 | numbers that are no times from 1990 to 2100 in any unit, such as row numbers",
        "0;0.5;1 | numbers that are no times from 1990 to 2100 in any unit, such as row numbers",
        "0;3600;7200 | numbers that are no times from 1990 to 2100 in any unit, such as row numbers",
        "0;3600000;7200000 | numbers that are no times from 1990 to 2100 in any unit, such as row"
            + " numbers",
        "500000000000;500003600000;700000000000 | 3 numbers: 1 that look like epoch milliseconds",
        "9999999999;700000000000 | 2 numbers: 1 that look like epoch milliseconds",
        "4102444799999;4102444800000 | 2 numbers: 1 that look like epoch milliseconds",
        "473385600;473817600 | numbers that are no times from 1990 to 2100 in any unit, such as"
            + " row numbers",
        "157766400000000;157770000000000 | numbers that are no times from 1990 to 2100 in any"
            + " unit, such as row numbers",
        "1985010100;1985010101 | numbers that look like both s and yyyyMMddHH",
        "10000;10001 | numbers that look like row numbers or days since 1970",
        "2024010100;2024010101 | numbers that look like both s and yyyyMMddHH",
        "1704067200;1704067200000 | 2 numbers: 1 that look like epoch seconds, 1 that look like"
            + " epoch milliseconds",
        "1704067200;3 | 2 numbers: 1 that look like epoch seconds",
        "2024-01-01;1704067200 | 1 numbers and 1 ISO-8601 times",
        "2024-01-01;13/12/2024 | 1 ISO-8601 times and 1 dates such as 31/12/2024",
        "01/02/2024;02/02/2024 | dates that are read as both" + " d/M/yyyy and M/d/yyyy",
        "13/02/2024;02/13/2024 | dates in which neither day nor month is always first",
        "noon | text of the shape aaaa",
        "' ' | no times",
      })
  void rejectsUnknownFormat(String values, String found) {
    assertThatThrownBy(() -> detect(values))
        .isInstanceOf(InvalidTimestampException.class)
        .hasMessage(
            "the format of the times is not known: found %s; set --timestamp-format to %s, or a"
                    .formatted(found, TimestampFormat.explicitIds())
                + " pattern such as MMM yyyy");
  }
}
