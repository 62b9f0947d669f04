package io.eddy.kafka.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.kafka.event.TimestampFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSettingsTest {
  @TempDir Path folder;

  private EddySettings settings(String... lines) throws IOException {
    Path file = folder.resolve("eddy.properties");
    Files.write(file, List.of(lines));
    return EddySettings.read(file, null);
  }

  @Test
  void everySettingOfEventsIsTaken() throws IOException {
    EddySettings settings =
        settings(
            "events.key = site, tag.id",
            "events.key-separator = :",
            "events.timestamp = at",
            "events.timestamp-format = us",
            "events.value = temperature, humidity",
            "events.covariates = load");

    assertThat(settings.stream().events())
        .isEqualTo(
            new EventMapping(
                EventEncoding.of(EventFormat.JSON),
                new SeriesKey(List.of("site", "tag.id"), ":"),
                EventTime.ofField("at", TimestampFormat.US),
                List.of("temperature", "humidity"),
                List.of("load")));
    assertThat(settings.stream().topics().source()).isEqualTo("keyed-events");
  }

  @Test
  void keysOfRecordsNeedNoTopicOfTheirOwn() throws IOException {
    EddySettings settings = settings("topic.keyed-events = other", "events.timestamp = record");

    assertThat(settings.stream().topics().keyedEvents()).isNull();
    assertThat(settings.stream().events().time()).isEqualTo(EventTime.RECORD_TIMESTAMP);
  }

  @Test
  void formatOfATimeAloneIsThatOfTheUsualField() throws IOException {
    assertThat(settings("events.timestamp-format = s").stream().events().time())
        .isEqualTo(EventTime.ofField("timestamp", TimestampFormat.S));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "events.key = a, | events.key: expected a field's name, or a path as in"
            + " payload.temperature, of at most 256 characters, got ''",
        "events.key = a,a | events.key: expected each field once",
        "events.key-separator = | events.key-separator: separator: expected 1 to 8 characters, got"
            + " ''",
        "events.timestamp-format = noon | events.timestamp-format: expected auto, iso-8601, s, ms,"
            + " us, ns, got 'noon'",
        "events.value = | events.value: expected 1 to 64 fields, got 0",
        "events.format = xml | events.format: event format: expected number, json or avro, got xml",
      })
  void saysWhatIsWrongWithASetting(String line, String message) {
    assertThatThrownBy(() -> settings(line))
        .isInstanceOf(UsageException.class)
        .hasMessageEndingWith(": " + message);
  }
}
