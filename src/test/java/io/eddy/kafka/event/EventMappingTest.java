package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.DecodedEvent;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventMappingTest {
  private static final byte[] KEY = "a".getBytes(UTF_8);
  private static final EventMapping PLANT =
      json(
          List.of("site", "tag.id"),
          EventTime.ofField("at", TimestampFormat.ISO_8601),
          List.of("data.temperature", "data.humidity"),
          List.of("data.load"));

  private static EventMapping json(
      List<String> keys, EventTime time, List<String> values, List<String> covariates) {
    return new EventMapping(
        EventEncoding.of(EventFormat.JSON), new SeriesKey(keys, "/"), time, values, covariates);
  }

  private static DecodedEvent read(EventMapping mapping, byte @Nullable [] key, String json) {
    return new EventDecoder(mapping).decode(key, json.getBytes(UTF_8), 7);
  }

  @Test
  void joinsKeyFieldsAndYieldsOneSeriesPerValue() {
    DecodedEvent event =
        read(
            PLANT,
            null,
            """
            {"at": "1970-01-01T01:00:01+01:00", "site": "north", "tag": {"id": 7, "x": [{}]},
             "data": {"humidity": "0.5", "load": 3, "temperature": 21.5, "more": {"load": 9}}}
            """);

    Covariates load = new Covariates(Map.of("data.load", 3.0));
    assertThat(event)
        .isEqualTo(
            new DecodedEvent(
                "north/7",
                List.of(
                    new Observation("north/7/data.temperature", 1000, 21.5, load),
                    new Observation("north/7/data.humidity", 1000, 0.5, load)),
                Map.of()));
  }

  @Test
  void keepsValidValuesIfOthersAreInvalidOrMissing() {
    String event = "{\"at\":\"1970-01-01T00:00:01Z\",\"site\":\"n\",\"tag\":{\"id\":\"7\"},%s}";

    DecodedEvent bad =
        read(PLANT, null, event.formatted("\"data\":{\"temperature\":{},\"humidity\":0.5}"));
    DecodedEvent absurd =
        read(PLANT, null, event.formatted("\"data\":{\"temperature\":1e36,\"humidity\":\"x\"}"));
    DecodedEvent sparse =
        read(PLANT, null, event.formatted("\"data\":{\"temperature\":null,\"humidity\":0.5}"));

    assertThat(bad.observations()).containsExactly(new Observation("n/7/data.humidity", 1000, 0.5));
    assertThat(bad.refused())
        .containsExactly(
            Map.entry(
                "n/7/data.temperature",
                "field data.temperature: expected a number, got START_OBJECT"));
    assertThat(absurd.observations()).isEmpty();
    assertThat(absurd.refused())
        .containsOnly(
            Map.entry("n/7/data.temperature", "data.temperature: expected a number within ±1e35"),
            Map.entry(
                "n/7/data.humidity",
                "data.humidity: expected a number; events.value-words gives numbers for words"));
    assertThat(sparse.observations())
        .containsExactly(new Observation("n/7/data.humidity", 1000, 0.5));
    assertThat(sparse.refused()).isEmpty();
    assertThatThrownBy(() -> read(PLANT, null, event.formatted("\"data\":{}")))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(
            "fields data.temperature, data.humidity are missing: expected a number in at"
                + " least one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"b\":{\"c\":2}}}",
        "{\"a.b.c\":2}",
        "{\"a\":{\"b.c\":2}}",
        "{\"a.b\":{\"c\":2}}",
        "{\"a\":7,\"a\":{\"x\":{\"c\":5},\"b\":{\"c\":2,\"d\":[]}}}",
      })
  void findsFieldByPathOrByNameWithDots(String event) {
    EventMapping mapping = json(List.of(), EventTime.RECORD_TIMESTAMP, List.of("a.b.c"), List.of());

    assertThat(read(mapping, KEY, event).observations())
        .containsExactly(new Observation("a", 7, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "iso-8601 | \"1970-01-01T00:00:01.5Z\" | 1500",
        "iso-8601 | \"1969-12-31T22:00:01-02:00\" | 1000",
        "s | 12 | 12000",
        "s | 1767225600.123 | 1767225600123",
        "s | \"12\" | 12000",
        "s | \"1.5\" | 1500",
        "ms | 12 | 12",
        "ms | \" 12 \" | 12",
        "ms | 12.6 | 13",
        "us | 1767225600123999 | 1767225600123",
        "ns | 1767225600123999999 | 1767225600123",
        "auto | 1767225600000 | 1767225600000",
        "auto | \"1970-01-01T00:00:01Z\" | 1000",
      })
  void readsTimestampOfEveryFormat(String format, String time, long expectedMs) {
    EventMapping mapping =
        json(
            List.of(),
            EventTime.ofField("t", TimestampFormat.of(format)),
            List.of("value"),
            List.of());

    assertThat(read(mapping, KEY, "{\"value\":1,\"t\":%s}".formatted(time)).observations())
        .containsExactly(new Observation("a", expectedMs, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "iso-8601 | 12 | field t: expected an ISO-8601 time, got a number: the field holds 12",
        "iso-8601 | \"2026-01-05T00:00:00\" | field t: expected an ISO-8601 time, got a time without"
            + " a zone: set events.zone: the field holds 2026-01-05T00:00:00",
        "iso-8601 | \"2026-02-30T00:00:00Z\" | field t: expected an ISO-8601 time, got a date or time"
            + " of day that does not exist: the field holds 2026-02-30T00:00:00Z",
        "s | 9223372036854775807 | field t: expected epoch seconds, got a time after the year 9999,"
            + " which usually is in another unit: see events.timestamp-format: the field holds"
            + " 9223372036854775807",
        "auto | 99999999999999999999 | field t: expected epoch milliseconds or an ISO-8601 time, got"
            + " a number of 20 digits: the field holds 99999999999999999999",
        "s | \"noon\" | field t: expected epoch seconds, got text of the shape aaaa: the field holds"
            + " noon",
        "auto | 1767571200 | field t: expected epoch milliseconds or an ISO-8601 time, got a number"
            + " that looks like epoch seconds: set events.timestamp-format = s: the field holds"
            + " 1767571200",
        "ms | true | field t: expected epoch milliseconds, got VALUE_TRUE",
        "us | -1 | timestamp: expected a time from 1970 on: -1 ms",
        "auto | 1.5 | field t: expected epoch milliseconds or an ISO-8601 time, got a number that is"
            + " no time from 1990 to 2100 in any unit: set events.timestamp-format to its unit, such"
            + " as ms: the field holds 1.5",
      })
  void rejectsInvalidTimestampWithReason(String format, String time, String message) {
    EventMapping mapping =
        json(
            List.of(),
            EventTime.ofField("t", TimestampFormat.of(format)),
            List.of("value"),
            List.of());

    assertThatThrownBy(() -> read(mapping, KEY, "{\"value\":1,\"t\":%s}".formatted(time)))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"value\":1} | field a is missing: expected a part of the series name",
        "{\"a\":\"\",\"b\":\"x\",\"value\":1} | field a is empty: expected a part of the series"
            + " name",
        "{\"a\":\"x\",\"b\":null,\"value\":1} | field b: expected a string or an integer as a"
            + " part of the series name, got VALUE_NULL",
        "{\"a\":\"x\",\"b\":1.5,\"value\":1} | field b: expected a string or an integer as a"
            + " part of the series name, got VALUE_NUMBER_FLOAT",
        "{\"a\":\"x/y\",\"b\":\"z\",\"value\":1} | field a contains the separator '/' of series"
            + " names: set another events.key-separator",
      })
  void rejectsInvalidKeyFieldsWithReason(String event, String message) {
    EventMapping mapping =
        json(List.of("a", "b"), EventTime.RECORD_TIMESTAMP, List.of("value"), List.of());

    assertThatThrownBy(() -> read(mapping, null, event))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(message);
  }

  @Test
  void rejectsLongSeriesName() {
    EventMapping mapping =
        json(List.of("a"), EventTime.RECORD_TIMESTAMP, List.of("value"), List.of());
    String longest = "{\"a\":\"%s\",\"value\":1}".formatted("é".repeat(512));
    String tooLong = "{\"a\":\"%s\",\"value\":1}".formatted("é".repeat(512) + "x");

    assertThat(read(mapping, null, longest).key()).hasSize(512);
    assertThatThrownBy(() -> read(mapping, null, tooLong))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("series name: expected at most 1024 bytes of UTF-8");
  }

  @Test
  void rejectsMissingMappedTimestamp() {
    EventMapping mapping =
        json(List.of(), EventTime.ofField("t", TimestampFormat.AUTO), List.of("value"), List.of());

    assertThatThrownBy(() -> read(mapping, KEY, "{\"value\":1}"))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("field t is missing: expected a timestamp");
  }

  @Test
  void usesRecordTimestampIfMapped() {
    EventMapping mapping = json(List.of(), EventTime.RECORD_TIMESTAMP, List.of("value"), List.of());

    assertThat(read(mapping, KEY, "{\"value\":1,\"timestamp\":99}").observations())
        .containsExactly(new Observation("a", 7, 1));
  }

  @Test
  void fieldMayHaveSeveralRoles() {
    EventMapping mapping =
        json(List.of("n"), EventTime.RECORD_TIMESTAMP, List.of("n", "m"), List.of("n", "m"));

    Covariates both = new Covariates(Map.of("n", 5.0, "m", 6.0));
    assertThat(read(mapping, null, "{\"n\":5,\"m\":6}").observations())
        .containsExactly(new Observation("5/n", 7, 5, both), new Observation("5/m", 7, 6, both));
  }

  @Test
  void rejectsDeeplyNestedJson() {
    EventMapping mapping = json(List.of(), EventTime.RECORD_TIMESTAMP, List.of("a.b"), List.of());
    String deep = "{\"a\":".repeat(100_000);

    assertThatThrownBy(() -> read(mapping, KEY, deep))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageStartingWith("not valid JSON: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auto",
        "iso-8601",
        "s",
        "ms",
        "us",
        "ns",
        "excel",
        "yyyyMMddHHmmssSSS",
        "dd.MM.yyyy HH:mm:ss.SSS"
      })
  void decodesEventEncodedWithMapping(String format) {
    EventMapping mapping =
        json(
            List.of("site", "tag.id"),
            EventTime.ofField("tag.at", TimestampFormat.of(format))
                .withZone(ZoneId.of("Asia/Kathmandu")),
            List.of("data.temperature", "data.humidity"),
            List.of("data.load"));
    Observation observation =
        new Observation(
            "north/7/data.humidity",
            1_767_225_600_123L,
            -12.5e-3,
            new Covariates(Map.of("data.load", 2.5)),
            FutureCovariates.of(Map.of("data.load", new double[] {1, Double.NaN, 2})));
    EventEncoder encoder = new EventEncoder(mapping, "");

    byte[] key = encoder.key(observation);
    DecodedEvent read = new EventDecoder(mapping).decode(null, encoder.encode(observation), 7);

    assertThat(new String(key, UTF_8)).isEqualTo("north/7");
    assertThat(read).isEqualTo(new DecodedEvent("north/7", List.of(observation), Map.of()));
  }

  @Test
  void encoderRejectsUnmappedSeries() {
    EventEncoder encoder = new EventEncoder(PLANT, "");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.encode(new Observation("north/7", 7, 1)))
        .withMessage(
            "series 'north/7': expected a name that ends with '/' and one of data.temperature,"
                + " data.humidity");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.encode(new Observation("north/data.humidity", 7, 1)))
        .withMessage("series 'north': expected 2 parts separated by '/', for site, tag.id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".a", "a.", "a..b"})
  void rejectsInvalidPath(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> json(List.of(), EventTime.DEFAULT, List.of(path), List.of()))
        .withMessageStartingWith("value: expected a field name or a path");
  }

  @Test
  void rejectsContradictingSettings() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> json(List.of(), EventTime.DEFAULT, List.of("a/b", "c"), List.of()))
        .withMessage(
            "value: field a/b contains the separator '/' of series names: set another separator");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> json(List.of("a", "a"), EventTime.DEFAULT, List.of("b"), List.of()))
        .withMessage("key: expected distinct fields");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new EventMapping(
                    EventEncoding.of(EventFormat.NUMBER),
                    new SeriesKey(List.of("a"), "/"),
                    EventTime.DEFAULT,
                    List.of("value"),
                    List.of()))
        .withMessage("key, timestamp and value: format number has no named fields");
  }
}
