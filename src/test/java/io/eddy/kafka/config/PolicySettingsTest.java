package io.eddy.kafka.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.EventLimits;
import io.eddy.admission.LatenessPolicy;
import io.eddy.admission.SeriesLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicySettingsTest {
  @Test
  void whatIsNotSetIsUsual() {
    assertThat(read(new Properties())).isEqualTo(StreamPolicies.DEFAULT);
  }

  @Test
  void settingsSayHowEventsArrive() {
    Properties properties = new Properties();
    properties.setProperty("events.lateness", "PT10M");
    properties.setProperty("events.remembered", "8");
    properties.setProperty("events.forecast-on", "observation");

    properties.setProperty("events.min-value", "-40");
    properties.setProperty("events.latest", "2030-01-01T00:00:00Z");
    properties.setProperty("events.null", "delete");

    assertThat(read(properties).nullDeletes()).isTrue();
    assertThat(read(properties).limits())
        .isEqualTo(
            new EventLimits(-40, 1e35, 0, Instant.parse("2030-01-01T00:00:00Z").toEpochMilli()));
    assertThat(read(properties).lateness())
        .isEqualTo(new LatenessPolicy(Duration.ofMinutes(10), 8, true));
  }

  @Test
  void settingsLimitClocksAndSeries() {
    Properties properties = new Properties();
    properties.setProperty("events.max-ahead", "P2D");
    properties.setProperty("events.max-ahead-of-record", "PT1H");
    properties.setProperty("series.max-per-partition", "1000");
    properties.setProperty("series.time-to-live", "P30D");

    assertThat(read(properties).series())
        .isEqualTo(
            new SeriesLimits(
                TimestampGuard.of(Duration.ofDays(2)), 1000, Duration.ofDays(30).toMillis()));
    assertThat(read(properties).limits().aheadOfRecordMs()).isEqualTo(3_600_000);
  }

  @Test
  void limitsCanBeOff() {
    Properties properties = new Properties();
    properties.setProperty("events.max-ahead", "off");
    properties.setProperty("events.max-ahead-of-record", "off");
    properties.setProperty("series.max-per-partition", "off");
    properties.setProperty("series.time-to-live", "off");

    assertThat(read(properties).series()).isEqualTo(SeriesLimits.DEFAULT.with(TimestampGuard.OFF));
    assertThat(read(properties).limits()).isEqualTo(EventLimits.NONE);
  }

  @Test
  void lateObservationsReviseWhereTheyAreToldTo() {
    Properties properties = new Properties();
    properties.setProperty("events.revise-steps", "5");
    assertThat(read(properties).lateness().isRevising()).isFalse();

    properties.setProperty("events.late", "revise");
    assertThat(read(properties).lateness().revisedSteps()).isEqualTo(5);

    properties.remove("events.revise-steps");
    assertThat(read(properties).lateness().revisedSteps()).isEqualTo(24);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "events.lateness | 10 minutes | expected a duration as in PT15M or P1D, got '10 minutes'",
        "events.lateness | -PT1S | expected a duration from PT0S to ten years, got PT-1S",
        "events.remembered | 0 | expected 1 to 4096, got 0",
        "events.remembered | many | expected a whole number, got 'many'",
        "events.late | never | expected drop or revise, got 'never'",
        "events.revise-steps | 0 | expected 1 to 256, got 0",
        "events.revise-steps | 257 | expected 1 to 256, got 257",
        "events.min-value | low | expected a number, got 'low'",
        "events.earliest | 2026 | expected a time as in 2026-01-20T00:00:00Z, got '2026'",
        "events.max-ahead | PT0S | expected more than zero, got PT0S",
        "events.max-ahead | far | expected a duration as in PT15M or P1D, got 'far'",
        "events.max-ahead-of-record | -PT1S | expected zero or more, got PT-1S",
        "series.max-per-partition | 0 | expected at least 1, got 0",
        "series.max-per-partition | few | expected a whole number, got 'few'",
        "series.time-to-live | PT0.01S | expected at least PT0.064S, got PT0.01S",
        "events.null | ignore | expected dead-letter or delete, got 'ignore'",
        "events.forecast-on | tuesday | expected step or observation, got 'tuesday'",
      })
  void whatIsWrongIsSaidOfItsKey(String key, String value, String message) {
    Properties properties = new Properties();
    properties.setProperty(key, value);

    assertThatThrownBy(() -> read(properties))
        .isInstanceOf(UsageException.class)
        .hasMessage("eddy.properties: " + key + ": " + message);
  }

  private static StreamPolicies read(Properties properties) {
    return new PolicySettings(properties, "eddy.properties: ")
        .read(EventMapping.defaults(EventFormat.JSON, List.of()), ModelPolicies.DEFAULT);
  }
}
