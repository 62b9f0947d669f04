package io.eddy.cli.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimeAxisTest {
  @Test
  void marksDaysAtMidnight() {
    assertThat(labels("2026-01-05T07:30:00Z", "2026-01-10T03:00:00Z"))
        .containsExactly("Jan 6", "Jan 7", "Jan 8", "Jan 9", "Jan 10");
  }

  @Test
  void marksHoursOfOneDay() {
    assertThat(labels("2026-01-05T07:30:00Z", "2026-01-05T12:00:00Z"))
        .containsExactly("Jan 5 08:00", "Jan 5 09:00", "Jan 5 10:00", "Jan 5 11:00", "Jan 5 12:00");
  }

  @Test
  void namesYearsOfLongRange() {
    assertThat(labels("2016-03-01T00:00:00Z", "2022-03-01T00:00:00Z"))
        .hasSizeBetween(4, 8)
        .allMatch(label -> label.matches("\\w{3} \\d+, 20\\d\\d"));
  }

  @Test
  void marksSecondsOfShortRange() {
    assertThat(labels("2026-01-05T07:30:00.500Z", "2026-01-05T07:30:03Z"))
        .containsExactly("07:30:01.000", "07:30:02.000", "07:30:03.000");
  }

  private static List<String> labels(String from, String to) {
    TimeAxis axis =
        new TimeAxis(Instant.parse(from).toEpochMilli(), Instant.parse(to).toEpochMilli(), 8);
    return axis.marks().stream().map(axis::label).toList();
  }
}
