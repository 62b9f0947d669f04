package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.EventLimits;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON of Kafka Connect and Debezium. */
class WrappedJsonTest {
  private static final byte[] KEY = "m7".getBytes(UTF_8);

  private static EventMapping mapping(String time, String value) {
    return EventMapping.json(
        SeriesKey.RECORD_KEY,
        EventTime.ofField(time, TimestampFormat.AUTO),
        List.of(value),
        List.of());
  }

  private static ReadResult read(EventMapping mapping, String json) {
    return new EventReader(mapping, EventLimits.NONE, NullValues.DEAD_LETTER)
        .read(KEY, json.getBytes(UTF_8), 7);
  }

  private static Observation observation(EventMapping mapping, String json) {
    ReadResult read = read(mapping, json);
    assertThat(read).as(reason(read)).isInstanceOf(ReadResult.Event.class);
    return ((ReadResult.Event) read).event().observations().get(0);
  }

  private static @Nullable String reason(ReadResult read) {
    return read instanceof ReadResult.Rejection rejection ? rejection.reason() : null;
  }

  /** A schema of JsonConverter with two fields, each a type, a name and a scale if it has one. */
  private static String envelope(String time, String value, String payload) {
    return """
        {"schema": {"type": "struct", "optional": false, "name": "plant.Reading", "fields": [
          {%s, "optional": false, "field": "at"},
          {%s, "optional": true, "field": "value"}]},
         "payload": %s}
        """
        .formatted(time, value, payload);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"type\":\"double\"                                       | 21.5             | 21.5",
        "\"type\":\"int64\"                                        | 21               | 21",
        "\"type\":\"bytes\",\"name\":\"DEC\",\"version\":1,\"parameters\":{\"scale\":\"2\"} | \"CGY=\" | 21.5",
        "\"type\":\"bytes\",\"name\":\"DEC\",\"version\":1,\"parameters\":{\"scale\":\"0\",\"connect.decimal.precision\":\"5\"} | \"CGY=\" | 2150",
        "\"type\":\"bytes\",\"name\":\"DEC\",\"parameters\":{\"scale\":\"2\"} | \"/w==\" | -0.01",
        "\"type\":\"bytes\",\"name\":\"DEC\",\"parameters\":{\"scale\":\"4\"} | \"1234\" | -265.8824",
        "\"type\":\"bytes\",\"name\":\"DEC\",\"parameters\":{\"scale\":\"-2\"} | \"CGY=\" | 215000",
        "\"type\":\"bytes\",\"name\":\"DEC\",\"parameters\":{\"scale\":\"2\"} | 21.5 | 21.5",
        "\"type\":\"struct\",\"name\":\"io.debezium.data.VariableScaleDecimal\",\"fields\":[{\"type\":\"int32\",\"field\":\"scale\"},{\"type\":\"bytes\",\"field\":\"value\"}] | {\"scale\":2,\"value\":\"CGY=\"} | 21.5",
      })
  void readsValuesOfConnectSchema(String type, String value, double expected) {
    String json =
        envelope(
            "\"type\":\"int64\",\"name\":\"org.apache.kafka.connect.data.Timestamp\"",
            type.replace("DEC", "org.apache.kafka.connect.data.Decimal"),
            "{\"at\": 1767225600000, \"value\": %s}".formatted(value));

    assertThat(observation(mapping("at", "value"), json))
        .isEqualTo(new Observation("m7", 1767225600000L, expected));
    assertThat(observation(mapping("payload.at", "payload.value"), json))
        .isEqualTo(new Observation("m7", 1767225600000L, expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"type\":\"int64\",\"name\":\"org.apache.kafka.connect.data.Timestamp\" | 1767225600123",
        "\"type\":\"int64\",\"name\":\"org.apache.kafka.connect.data.Timestamp\",\"version\":1 | 1767225600123",
        "\"type\":\"int32\",\"name\":\"org.apache.kafka.connect.data.Date\"      | 20454",
        "\"type\":\"int32\",\"name\":\"io.debezium.time.Date\"                   | 20454",
        "\"type\":\"int64\",\"name\":\"io.debezium.time.Timestamp\"              | 1767225600123",
        "\"type\":\"int64\",\"name\":\"io.debezium.time.MicroTimestamp\"         | 1767225600123456",
        "\"type\":\"int64\",\"name\":\"io.debezium.time.NanoTimestamp\"          | 1767225600123456789",
        "\"type\":\"string\",\"name\":\"io.debezium.time.ZonedTimestamp\"        | \"2026-01-01T00:00:00.123Z\"",
        "\"type\":\"string\",\"name\":\"io.debezium.time.ZonedTimestamp\"        | \"2026-01-01T01:00:00.123+01:00\"",
      })
  void readsTimesOfConnectSchema(String type, String time) {
    String json =
        envelope(type, "\"type\":\"double\"", "{\"at\": %s, \"value\": 1}".formatted(time));
    EventMapping zoned = mapping("at", "value");
    EventMapping mapping =
        new EventMapping(
            zoned.encoding(),
            zoned.key(),
            zoned.time().withZone(java.time.ZoneId.of("UTC")),
            zoned.values(),
            List.of());

    long expected = time.length() == 5 ? 1767225600000L : 1767225600123L;
    assertThat(observation(mapping, json).timestampMs()).isEqualTo(expected);
  }

  @Test
  void typeOfSchemaTakesPrecedenceOverFormat() {
    EventMapping seconds =
        EventMapping.json(
            SeriesKey.RECORD_KEY,
            EventTime.ofField("at", TimestampFormat.of("s")),
            List.of("value"),
            List.of());
    String json =
        envelope(
            "\"type\":\"int64\",\"name\":\"org.apache.kafka.connect.data.Timestamp\"",
            "\"type\":\"double\"",
            "{\"at\": 1767225600000, \"value\": 1}");

    assertThat(observation(seconds, json).timestampMs()).isEqualTo(1767225600000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"schema\":null,\"payload\":{\"at\":1767225600000,\"value\":1}}",
        "{\"schema\":{\"type\":\"map\",\"keys\":{\"type\":\"string\"},\"values\":{\"type\":\"double\"}},\"payload\":{\"at\":1767225600000,\"value\":1}}",
        "{ \"schema\" : {\"type\":\"struct\",\"fields\":[]} , \"payload\" : {\"at\":1767225600000,\"value\":1} }",
        "{\"schema\":\"v1\",\"at\":1767225600000,\"value\":1}",
        "{\"schema\":{\"version\":1},\"at\":1767225600000,\"value\":1}",
        "{\"schema\":{\"type\":\"x\"},\"payload\":1,\"at\":1767225600000,\"value\":1}",
        "{\"schema\":{\"type\":\"x\"},\"at\":1767225600000,\"value\":1}",
      })
  void readsEnvelopeAndEventsThatResembleOne(String json) {
    assertThat(observation(mapping("at", "value"), json))
        .isEqualTo(new Observation("m7", 1767225600000L, 1));
  }

  @Test
  void schemaMayChangeFromEventToEvent() {
    EventReader reader =
        new EventReader(mapping("at", "value"), EventLimits.NONE, NullValues.DEAD_LETTER);
    for (int scale : new int[] {2, 2, 1, 0, 2}) {
      String json =
          envelope(
              "\"type\":\"int64\"",
              "\"type\":\"bytes\",\"name\":\"org.apache.kafka.connect.data.Decimal\",\"parameters\":{\"scale\":\"%d\"}"
                  .formatted(scale),
              "{\"at\": 1767225600000, \"value\": \"CGY=\"}");
      ReadResult.Event read = (ReadResult.Event) reader.read(KEY, json.getBytes(UTF_8), 7);
      assertThat(read.event().observations().get(0).value()).isEqualTo(2150 / Math.pow(10, scale));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"at\":1767225600000,\"value\":{\"scale\":2,\"value\":\"CGY=\"}} | 21.5",
        "{\"at\":1767225600000,\"value\":{\"value\":\"/w==\",\"scale\":0}} | -1",
      })
  void readsVariableScaleDecimalWithoutSchema(String json, double expected) {
    assertThat(observation(mapping("at", "value"), json).value()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"CGY=\"",
        "\"AfQB\"",
        "\"BfjNAA==\"",
        "{\"scale\":2}",
        "{\"scale\":2,\"value\":\"x\"}",
        "{\"scale\":2,\"value\":\"CGY=\",\"unit\":\"C\"}",
        "{\"scale\":\"2\",\"value\":\"CGY=\"}",
        "{\"scale\":1001,\"value\":\"CGY=\"}",
        "{\"scale\":-2147483648,\"value\":\"CGY=\"}",
      })
  void rejectsBytesWithoutValidScale(String value) {
    ReadResult read =
        read(mapping("at", "value"), "{\"at\":1767225600000,\"value\":%s}".formatted(value));

    assertThat(read).isInstanceOf(ReadResult.Rejection.class);
  }

  private static String change(String op, String before, String after) {
    return """
        {"before": %s, "after": %s, "source": {"connector": "postgresql", "ts_ms": 1767225600000},
         "op": %s, "ts_ms": 1767225600500}
        """
        .formatted(before, after, op);
  }

  private static final String ROW = "{\"id\": 7, \"at\": 1767225600000, \"value\": 21.5}";

  @ParameterizedTest
  @CsvSource({"c", "r", "u"})
  void readsRowAfterChange(String op) {
    String json = change("\"" + op + "\"", "null", ROW);
    String schema =
        """
        {"schema": {"type": "struct", "name": "db.public.readings.Envelope", "fields": [
          {"type": "struct", "optional": true, "name": "db.public.readings.Value", "field": "after",
           "fields": [
             {"type": "int64", "optional": false, "field": "at"},
             {"type": "double", "optional": true, "field": "value"}]},
          {"type": "string", "field": "op"}]},
         "payload": %s}
        """
            .formatted(json);

    Observation expected = new Observation("m7", 1767225600000L, 21.5);
    assertThat(observation(mapping("after.at", "after.value"), json)).isEqualTo(expected);
    assertThat(observation(mapping("after.at", "after.value"), schema)).isEqualTo(expected);
    assertThat(observation(mapping("payload.after.at", "payload.after.value"), schema))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "after.at,after.value,false",
    "after.at,after.value,true",
    "payload.after.at,payload.after.value,true",
    "ts_ms,after.value,false",
  })
  void skipsDeletedRow(String time, String value, boolean hasSchema) {
    for (String op : List.of("d", "t")) {
      String change = change("\"" + op + "\"", ROW, "null");
      String json = hasSchema ? "{\"schema\": null, \"payload\": %s}".formatted(change) : change;

      assertThat(read(mapping(time, value), json)).isEqualTo(new ReadResult.Skip());
      EventReader deleting =
          new EventReader(mapping(time, value), EventLimits.NONE, NullValues.DELETE);
      assertThat(deleting.read(KEY, json.getBytes(UTF_8), 7))
          .isEqualTo(new ReadResult.Deletion("m7"));
    }
  }

  @Test
  void skipsDeletedRowWithoutEnvelope() {
    String json = "{\"at\": 1767225600000, \"value\": 21.5, \"__deleted\": \"%s\"}";

    assertThat(read(mapping("at", "value"), json.formatted("true")))
        .isEqualTo(new ReadResult.Skip());
    assertThat(observation(mapping("at", "value"), json.formatted("false")).value())
        .isEqualTo(21.5);
  }

  @Test
  void missingRowOfAnotherOperationIsInvalid() {
    assertThat(reason(read(mapping("after.at", "after.value"), change("\"c\"", "null", "null"))))
        .startsWith("field after.");
  }

  @ParameterizedTest
  @CsvSource({"DEAD_LETTER,Rejection", "SKIP,Skip", "DELETE,Deletion"})
  void treatsTombstoneAsConfigured(NullValues nullValues, String expected) {
    ReadResult read =
        new EventReader(mapping("after.at", "after.value"), EventLimits.NONE, nullValues)
            .read(KEY, null, 7);

    assertThat(read.getClass().getSimpleName()).isEqualTo(expected);
  }
}
