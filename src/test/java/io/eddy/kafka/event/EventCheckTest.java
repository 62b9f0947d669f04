package io.eddy.kafka.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.EventLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventCheckTest {
  private static final EventMapping DEFAULT = EventMapping.defaults(EventFormat.JSON, List.of());
  private static final EventLimits LIMITS =
      new EventLimits(
          -100,
          100,
          Instant.parse("2000-01-01T00:00:00Z").toEpochMilli(),
          Instant.parse("2050-01-01T00:00:00Z").toEpochMilli());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-01-01T00:00:00Z | 5 |",
        "2026-01-01T00:00:00Z | 101 | value: expected -100.0 to 100.0",
        "1999-12-31T23:59:59Z | 5 | timestamp: expected 2000-01-01T00:00:00Z to 2050",
        "2050-01-02T00:00:00Z | 5 | timestamp: expected 2000-01-01T00:00:00Z to 2050",
        "1949-01-01T00:00:00Z | 5 | timestamp: expected 1970 or later",
      })
  void appliesLimits(Instant time, double value, String reason) {
    Observation observation = new Observation("a", time.toEpochMilli(), value);

    String rejection = check(DEFAULT, LIMITS, TimestampGuard.OFF).rejection(observation);

    if (reason == null) {
      assertThat(rejection).isNull();
    } else {
      assertThat(rejection).startsWith(reason);
    }
  }

  @Test
  void rejectsNameThatIsTooLong() {
    Observation observation = new Observation("x".repeat(1025), now(), 5);

    assertThat(check(DEFAULT, EventLimits.NONE, TimestampGuard.OFF).rejection(observation))
        .contains("expected at most 1024 bytes");
  }

  @Test
  void rejectsNameWithoutPartsOfKey() {
    EventMapping mapping =
        EventMapping.json(
            new SeriesKey(List.of("site", "sensor"), "/"),
            EventTime.DEFAULT,
            List.of("value"),
            List.of());
    EventCheck check = check(mapping, EventLimits.NONE, TimestampGuard.OFF);

    assertThat(check.rejection(new Observation("north/7", now(), 5))).isNull();
    assertThat(check.rejection(new Observation("north", now(), 5))).contains("site", "sensor");
  }

  @Test
  void rejectsTimeThatFormatCannotHold() {
    EventMapping mapping =
        EventMapping.json(
            SeriesKey.RECORD_KEY,
            EventTime.ofField("at", TimestampFormat.of("yyyy-MM-dd HH:mm:ssX")),
            List.of("value"),
            List.of());
    EventCheck check = check(mapping, EventLimits.NONE, TimestampGuard.OFF);

    assertThat(check.rejection(new Observation("a", now(), 5))).isNull();
    assertThat(check.rejection(new Observation("a", now() + 1, 5))).isNotNull();
  }

  @Test
  void appliesTimestampGuardBySeries() {
    EventCheck check = check(DEFAULT, EventLimits.NONE, TimestampGuard.of(Duration.ofDays(366)));
    long later = now() + Duration.ofDays(800).toMillis();

    assertThat(check.rejection(new Observation("a", now(), 5))).isNull();
    assertThat(check.rejection(new Observation("b", later, 5))).isNull();
    assertThat(check.rejection(new Observation("a", later, 5)))
        .startsWith("timestamp: expected at most");
    assertThat(check.rejection(new Observation("a", later + 1, 5))).isNull();
  }

  private static long now() {
    return Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  }

  private static EventCheck check(EventMapping mapping, EventLimits limits, TimestampGuard guard) {
    return new EventCheck(mapping, "events", limits, guard);
  }
}
