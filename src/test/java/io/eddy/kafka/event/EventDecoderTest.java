package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.codec.avro.SensorEvent;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderTest {
  private static final byte[] KEY = "a".getBytes(UTF_8);

  private static EventDecoder decoder(EventFormat format, String... covariates) {
    return new EventDecoder(EventMapping.defaults(format, List.of(covariates)));
  }

  /** Decodes an event with one value, whose record has timestamp 7. */
  private static Observation decode(EventDecoder decoder, byte[] value) {
    return decoder.decode(KEY, value, 7).observations().get(0);
  }

  @ParameterizedTest
  @EnumSource(
      value = EventFormat.class,
      names = {"NUMBER", "JSON", "AVRO", "DOUBLE"})
  void decodesEncodedEvent(EventFormat format) {
    Observation observation = new Observation("a", 1_700_000_000_123L, -12.5e-3);

    Observation read =
        decoder(format)
            .decode(KEY, new EventEncoder(format).encode(observation), 1_700_000_000_123L)
            .observations()
            .get(0);

    assertThat(read).isEqualTo(observation);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"value\":1.5} | 7",
        "{\"timestamp\":1767225600000,\"value\":1.5} | 1767225600000",
        "{\"value\":\"1.5\",\"timestamp\":\"1970-01-01T00:00:01Z\"} | 1000",
        "{\"timestamp\":\"1970-01-01T01:00:01+01:00\",\"value\":1.5,\"x\":{\"value\":[9]}} | 1000",
      })
  void usesRecordTimestampIfJsonHasNone(String json, long timestampMs) {
    Observation read = decode(decoder(EventFormat.JSON), json.getBytes(UTF_8));

    assertThat(read).isEqualTo(new Observation("a", timestampMs, 1.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "json | [] | expected a JSON object with timestamp and value, got a list: name the fields of"
            + " its elements by paths such as [].value",
        "json | 5 | expected a JSON object with timestamp and value",
        "json | {} | field value is missing: expected a number",
        "json | {\"value\":null} | field value is missing (null, NaN or empty): expected a"
            + " number",
        "json | {\"value\":[1]} | field value: expected a number, got START_ARRAY",
        "json | {\"value\":\"x\"} | value: expected a number; events.value-words"
            + " gives numbers for words, got 'x'",
        "json | {\"value\":1e36} | value: expected a number within ±1e35, got 1.0E36",
        "json | {\"value\":1e999} | value: expected a finite number, got Infinity",
        "json | {\"value\":1} {} | expected a single JSON object, got trailing content",
        "json | {\"value\":1,\"timestamp\":\"1969-12-31T23:59:55Z\"} | timestamp: expected a time from 1970"
            + " on: -5000 ms",
        "json | {\"value\":1,\"timestamp\":\"noon\"} | field timestamp: expected epoch milliseconds"
            + " or an ISO-8601 time, got text of the shape aaaa: set events.timestamp-format to its"
            + " pattern: the field holds noon",
        "number | abc | value: expected a number; events.value-words gives numbers for words, got 'abc'",
        "number | NaN | field value is missing (null, NaN or empty): expected a number",
      })
  void rejectsInvalidRecordWithReason(String format, String value, String message) {
    EventDecoder decoder = decoder(EventFormat.of(format));

    assertThatThrownBy(() -> decode(decoder, value.getBytes(UTF_8)))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @EnumSource(
      value = EventFormat.class,
      names = {"JSON", "AVRO"})
  void decodesOnlyMappedCovariates(EventFormat format) {
    Covariates covariates = new Covariates(Map.of("load", 2.5, "a \"b\"", -1.0, "plan", 7.0));
    byte[] event = new EventEncoder(format).encode(new Observation("a", 7, 1.5, covariates));

    Observation read = decode(decoder(format, "load", "a \"b\"", "absent"), event);

    assertThat(read.covariates()).isEqualTo(new Covariates(Map.of("load", 2.5, "a \"b\"", -1.0)));
    assertThat(decode(decoder(format), event)).isEqualTo(new Observation("a", 7, 1.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"value\":1,\"load\":true} | 1",
        "{\"load\":false,\"value\":1} | 0",
        "{\"load\":\"-2e3\",\"value\":1} | -2000",
        "{\"load\":null,\"value\":1} | NaN",
        "{\"load\":\"\",\"value\":1} | NaN",
        "{\"load\":\"NaN\",\"value\":1} | NaN",
        "{\"load\":3,\"load\":null,\"value\":1} | NaN",
        "{\"value\":1,\"plan\":[\"load\",5]} | NaN",
      })
  void decodesJsonCovariate(String json, Double expected) {
    Observation read = decode(decoder(EventFormat.JSON, "load"), json.getBytes(UTF_8));

    assertThat(read.covariates().value("load")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"value\":1,\"load\":1e36} | load: expected a number within ±1e35, got 1.0E36",
        "{\"value\":1,\"load\":-1e999} | load: expected a number within ±1e35, got -Infinity",
        "{\"value\":1,\"load\":\"full\"} | load: expected a number; events.value-words"
            + " gives numbers for words, got 'full'",
        "{\"value\":1,\"load\":[1]} | field load: expected a number, got START_ARRAY",
        "{\"load\":{\"value\":1}} | field load: expected a number, got START_OBJECT",
      })
  void rejectsInvalidCovariateWithReason(String json, String message) {
    EventDecoder decoder = decoder(EventFormat.JSON, "load");

    assertThatThrownBy(() -> decode(decoder, json.getBytes(UTF_8)))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(message);
  }

  @Test
  void avroCovariateIsRejectedOutOfRangeAndMissingIfNotFinite() {
    EventDecoder decoder = decoder(EventFormat.AVRO, "load");
    byte[] absurd = avro(Map.of("load", -1e36));
    byte[] missing = avro(Map.of("load", Double.NaN));

    assertThatThrownBy(() -> decode(decoder, absurd))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("load: expected a number within ±1e35, got -1.0E36");
    assertThat(decode(decoder, missing).covariates()).isEqualTo(Covariates.NONE);
    assertThat(decode(decoder, avro(Map.of("load", Double.NEGATIVE_INFINITY))).covariates())
        .isEqualTo(Covariates.NONE);
  }

  private static byte[] avro(Map<String, Double> covariates) {
    return EventDecoder.newSensorEvents()
        .encode(new SensorEvent(Instant.EPOCH, 1.0, covariates, null));
  }

  @ParameterizedTest
  @EnumSource(
      value = EventFormat.class,
      names = {"JSON", "AVRO"})
  void decodesOnlyMappedFutureCovariates(EventFormat format) {
    FutureCovariates ahead =
        FutureCovariates.of(
            Map.of(
                "load", new double[] {0.1, Double.NaN, -3e34},
                "a \"b\"", new double[] {7},
                "plan", new double[] {1, 2}));
    Observation observation =
        new Observation("a", 7, 1.5, new Covariates(Map.of("load", 2.5)), ahead);
    byte[] event = new EventEncoder(format).encode(observation);

    Observation read = decode(decoder(format, "load", "a \"b\"", "absent"), event);

    assertThat(read)
        .isEqualTo(observation.withFutureCovariates(ahead.select(List.of("load", "a \"b\""), 10)));
    assertThat(decode(decoder(format), event)).isEqualTo(new Observation("a", 7, 1.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"value\":1,\"ahead\":{\"load\":[1,\"2\",true,null,\"\",\"NaN\",3]}} | {load=[1.0, 2.0,"
            + " 1.0, NaN, NaN, NaN, 3.0]}",
        "{\"ahead\":{\"load\":[1,2]},\"value\":1} | {load=[1.0, 2.0]}",
        "{\"value\":1,\"ahead\":null} | {}",
        "{\"value\":1,\"ahead\":{}} | {}",
        "{\"value\":1,\"ahead\":{\"load\":null}} | {}",
        "{\"value\":1,\"ahead\":{\"load\":[]}} | {}",
        "{\"value\":1,\"ahead\":{\"load\":[null,null]}} | {}",
        "{\"value\":1,\"ahead\":{\"other\":{\"x\":[\"y\"]},\"load\":[5]}} | {load=[5.0]}",
        "{\"value\":1,\"ahead\":{\"load\":[5,6],\"load\":[7]}} | {load=[7.0]}",
      })
  void decodesJsonFutureCovariates(String json, String expected) {
    Observation read = decode(decoder(EventFormat.JSON, "load"), json.getBytes(UTF_8));

    assertThat(read.futureCovariates()).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"value\":1,\"ahead\":[1]} | field ahead: expected an object of lists of numbers, got"
            + " START_ARRAY",
        "{\"value\":1,\"ahead\":5} | field ahead: expected an object of lists of numbers, got"
            + " VALUE_NUMBER_INT",
        "{\"value\":1,\"ahead\":{\"load\":5}} | field ahead.load: expected a list of numbers, got"
            + " VALUE_NUMBER_INT",
        "{\"value\":1,\"ahead\":{\"load\":[[1]]}} | field ahead.load: expected a number, got"
            + " START_ARRAY",
        "{\"value\":1,\"ahead\":{\"load\":[1,{}]}} | field ahead.load: expected a number, got"
            + " START_OBJECT",
        "{\"value\":1,\"ahead\":{\"load\":[\"x\"]}} | ahead.load: expected a number; events.value-words"
            + " gives numbers for words, got 'x'",
        "{\"value\":1,\"ahead\":{\"load\":[1,1e36]}} | ahead.load: expected numbers within ±1e35,"
            + " got 1.0E36",
        "{\"value\":1,\"ahead\":{\"load\":[-1e999]}} | ahead.load: expected numbers within ±1e35,"
            + " got -Infinity",
      })
  void rejectsInvalidFutureCovariatesWithReason(String json, String message) {
    EventDecoder decoder = decoder(EventFormat.JSON, "load");

    assertThatThrownBy(() -> decode(decoder, json.getBytes(UTF_8)))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(message);
    assertThat(decode(decoder(EventFormat.JSON), json.getBytes(UTF_8)).futureCovariates())
        .isEqualTo(FutureCovariates.NONE);
  }

  @Test
  void fieldNamedAheadMayBeACovariate() {
    EventDecoder decoder = decoder(EventFormat.JSON, "ahead", "load");

    Observation read = decode(decoder, "{\"value\":1,\"ahead\":5}".getBytes(UTF_8));

    assertThat(read.covariates().value("ahead")).isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource(
      value = EventFormat.class,
      names = {"JSON", "AVRO"})
  void rejectsTooManyFutureCovariates(EventFormat format) {
    EventDecoder decoder = decoder(format, "load", "plan");
    double[] longest = new double[FutureCovariates.MAX_VALUES - 1];
    byte[] valid = event(format, Map.of("load", longest, "plan", new double[1]));
    byte[] tooLong = event(format, Map.of("load", longest, "plan", new double[2]));

    assertThat(decode(decoder, valid).futureCovariates().values("load")).hasSize(longest.length);
    assertThatThrownBy(() -> decode(decoder, tooLong))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("ahead: expected at most 16384 numbers in total");
  }

  /** Writes single-digit numbers, so that JSON stays below the maximum document length. */
  private static byte[] event(EventFormat format, Map<String, double[]> ahead) {
    Observation observation =
        new Observation("a", 7000, 1).withFutureCovariates(FutureCovariates.of(ahead));
    byte[] event = new EventEncoder(format).encode(observation);
    return format == EventFormat.JSON
        ? new String(event, UTF_8).replace("0.0", "0").getBytes(UTF_8)
        : event;
  }

  @Test
  void rejectsAvroFutureCovariateOutOfRange() {
    EventDecoder decoder = decoder(EventFormat.AVRO, "load");
    byte[] absurd =
        EventDecoder.newSensorEvents()
            .encode(new SensorEvent(Instant.EPOCH, 1.0, null, Map.of("load", List.of(1e36))));

    assertThatThrownBy(() -> decode(decoder, absurd))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("ahead.load: expected numbers within ±1e35, got 1.0E36");
  }

  /** Replaces the item count of the list, and of the map, and ends the event there. */
  @ParameterizedTest
  @ValueSource(strings = {"808080808040", "f0ffffff0f", "8080808008", "80c2d72f", "010e"})
  void rejectsAbsurdAvroLengthBeforeAllocating(String length) {
    byte[] valid =
        EventDecoder.newSensorEvents()
            .encode(new SensorEvent(Instant.EPOCH, 1.0, null, Map.of("load", List.of(1.0))));
    // The list's count is followed by 8 bytes of a number, the end of the list and of the map.
    byte[] list = cut(valid, valid.length - 11, length);
    // The list's count is preceded by the map's count, the length of a name and its 4 bytes.
    byte[] map = cut(valid, valid.length - 11 - 6, length);

    for (byte[] absurd : List.of(list, map)) {
      assertThatThrownBy(() -> decode(decoder(EventFormat.AVRO, "load"), absurd))
          .isInstanceOf(InvalidRecordException.class)
          .hasMessageStartingWith("not a single-object encoded SensorEvent: ");
    }
  }

  private static byte[] cut(byte[] event, int at, String length) {
    byte[] count = HexFormat.of().parseHex(length);
    byte[] cut = Arrays.copyOf(event, at + count.length);
    System.arraycopy(count, 0, cut, at, count.length);
    return cut;
  }

  @Test
  void rejectsDeeplyNestedJson() {
    byte[] deep = ("{\"x\":" + "[".repeat(100_000)).getBytes(UTF_8);

    assertThatThrownBy(() -> decode(decoder(EventFormat.JSON), deep))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageStartingWith("not valid JSON: ");
  }

  @Test
  void rejectsAvroOfUnknownSchema() {
    byte[] foreign = {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0};

    assertThatThrownBy(() -> decode(decoder(EventFormat.AVRO), foreign))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageStartingWith("not a single-object encoded SensorEvent: ");
  }

  @Test
  void rejectsLongKey() {
    assertThatThrownBy(
            () -> decoder(EventFormat.NUMBER).decode(new byte[1 << 20], "1".getBytes(UTF_8), 7))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("key: expected at most 1024 bytes, got 1048576");
  }
}
