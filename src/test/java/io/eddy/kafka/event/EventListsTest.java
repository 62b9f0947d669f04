package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.DecodedEvent;
import io.eddy.series.Covariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Events with lists of measurements, in JSON and Avro. */
class EventListsTest {
  private static final byte[] KEY = "gw".getBytes(UTF_8);
  private static final long TIME = 1_767_225_600_000L;

  private static EventMapping mapping(String key, String time, String format, String values) {
    EventTime source =
        time.equals("default")
            ? EventTime.DEFAULT
            : time.equals("record")
                ? EventTime.RECORD_TIMESTAMP
                : EventTime.ofField(time, TimestampFormat.of(format));
    return EventMapping.json(
        new SeriesKey(List.of(key.split(",")), "/"), source, List.of(values.split(",")), List.of());
  }

  private static DecodedEvent read(EventMapping mapping, String json) {
    return new EventDecoder(mapping).decode(KEY, json.getBytes(UTF_8), TIME);
  }

  /** Describes observations as {@code series@seconds=value}, relative to {@link #TIME}. */
  private static String describe(DecodedEvent event) {
    return event.observations().stream()
        .map(
            each ->
                "%s@%d=%s"
                    .formatted(each.series(), (each.timestampMs() - TIME) / 1000, each.value()))
        .collect(Collectors.joining(" "));
  }

  static Stream<Arguments> forms() {
    return Stream.of(
        Arguments.of(
            "Telegraf batch",
            mapping(
                "metrics[].tags.host,metrics[].name",
                "metrics[].timestamp",
                "s",
                "metrics[].fields.usage_idle"),
            """
            {"metrics": [
              {"fields": {"usage_idle": 91.5, "usage_user": 2}, "name": "cpu",
               "tags": {"host": "a", "cpu": "cpu0"}, "timestamp": 1767225600},
              {"fields": {"free": 12}, "name": "mem", "tags": {"host": "a"}, "timestamp": 1767225600},
              {"fields": {"usage_idle": 90}, "name": "cpu", "tags": {"host": "b"},
               "timestamp": 1767225610}]}
            """,
            "a/cpu@0=91.5 b/cpu@10=90.0"),
        Arguments.of(
            "several values in an element",
            mapping(
                "metrics[].tags.host",
                "metrics[].timestamp",
                "s",
                "metrics[].fields.user,metrics[].fields.idle"),
            """
            {"metrics": [{"fields": {"idle": 91.5, "user": 2}, "tags": {"host": "a"},
              "timestamp": 1767225600}, {"fields": {"idle": 3}, "tags": {"host": "b"},
              "timestamp": 1767225600}]}
            """,
            "a/fields.user@0=2.0 a/fields.idle@0=91.5 b/fields.idle@0=3.0"),
        Arguments.of(
            "Sparkplug B",
            mapping("record,metrics[].name", "metrics[].timestamp", "ms", "metrics[].value"),
            """
            {"timestamp": 1767225600000, "seq": 3, "metrics": [
              {"name": "Tank Level", "timestamp": 1767225601000, "dataType": "Float", "value": 21.5},
              {"name": "Flow", "timestamp": 1767225602000, "dataType": "Int32", "value": 4}]}
            """,
            "gw/Tank Level@1=21.5 gw/Flow@2=4.0"),
        Arguments.of(
            "time after the list",
            mapping("device,metrics[].name", "ts", "ms", "metrics[].value"),
            """
            {"metrics": [{"value": 1, "name": "t"}, {"name": "h", "value": 2}],
             "ts": 1767225605000, "device": "d1"}
            """,
            "d1/t@5=1.0 d1/h@5=2.0"),
        Arguments.of(
            "OPC UA Publisher, a list as the event",
            mapping("[].NodeId", "[].Value.SourceTimestamp", "iso-8601", "[].Value.Value"),
            """
            [{"NodeId": "ns=2;s=Boiler.Temp", "Value": {"Value": 21.5,
               "SourceTimestamp": "2026-01-01T00:00:01.5Z"}},
             {"NodeId": "ns=2;s=Boiler.Pressure", "Value": {"Value": "3.25",
               "SourceTimestamp": "2026-01-01T00:00:02Z"}}]
            """,
            "ns=2;s=Boiler.Temp@1=21.5 ns=2;s=Boiler.Pressure@2=3.25"),
        Arguments.of(
            "OPC UA PubSub",
            mapping(
                "PublisherId,Messages[].DataSetWriterId",
                "Messages[].Timestamp",
                "iso-8601",
                "Messages[].Payload.Temp.Value,Messages[].Payload.Level.Value"),
            """
            {"MessageId": "1", "MessageType": "ua-data", "PublisherId": "p",
             "Messages": [{"DataSetWriterId": 7, "Timestamp": "2026-01-01T00:00:03Z",
               "Payload": {"Temp": {"Value": 20.5}, "Level": {"Value": 0.5}}}]}
            """,
            "p/7/Payload.Temp.Value@3=20.5 p/7/Payload.Level.Value@3=0.5"),
        Arguments.of(
            "OTLP",
            mapping(
                "resourceMetrics[].scopeMetrics[].metrics[].name",
                "resourceMetrics[].scopeMetrics[].metrics[].gauge.dataPoints[].timeUnixNano",
                "ns",
                "resourceMetrics[].scopeMetrics[].metrics[].gauge.dataPoints[].asDouble"),
            """
            {"resourceMetrics": [{"resource": {"attributes": []}, "scopeMetrics": [
              {"scope": {"name": "s"}, "metrics": [
                {"name": "cpu", "gauge": {"dataPoints": [
                  {"timeUnixNano": "1767225601000000000", "asDouble": 0.5},
                  {"timeUnixNano": "1767225602000000000", "asDouble": 0.75}]}},
                {"sum": {"dataPoints": [{"asInt": "4"}]}, "name": "requests"},
                {"gauge": {"dataPoints": [
                  {"asDouble": 8, "timeUnixNano": "1767225603000000000"}]}, "name": "mem"}]}]}]}
            """,
            "cpu@1=0.5 cpu@2=0.75 mem@3=8.0"),
        Arguments.of(
            "SenML without base fields",
            mapping("[].n", "[].t", "s", "[].v"),
            """
            [{"n": "urn:dev:1:voltage", "u": "V", "t": 1767225601, "v": 120.1},
             {"n": "urn:dev:1:current", "u": "A", "t": 1767225602.5, "v": 1.2},
             {"n": "urn:dev:1:name", "vs": "x", "t": 1767225602}]
            """,
            "urn:dev:1:voltage@1=120.1 urn:dev:1:current@2=1.2"),
        Arguments.of(
            "several times of one series",
            mapping("record", "readings[].t", "ms", "readings[].v"),
            """
            {"readings": [{"t": 1767225600000, "v": 1}, {"t": 1767225660000, "v": 2}]}
            """,
            "gw@0=1.0 gw@60=2.0"),
        Arguments.of(
            "numbers without objects",
            mapping("record", "record", "", "readings[]"),
            "{\"readings\": [1, null, 2.5]}",
            "gw@0=1.0 gw@0=2.5"),
        Arguments.of(
            "default time of the element before that of the event",
            mapping("m[].n", "default", "", "m[].v"),
            """
            {"timestamp": 1767225601000, "m": [{"n": "a", "v": 1},
              {"n": "b", "v": 2, "timestamp": 1767225602000}]}
            """,
            "a@1=1.0 b@2=2.0"),
        Arguments.of(
            "time of the record",
            mapping("m[].n", "default", "", "m[].v"),
            "{\"m\": [{\"n\": \"a\", \"v\": 1}]}",
            "a@0=1.0"),
        Arguments.of(
            "constant and nested object",
            mapping("constant:plant,data.m[].n", "record", "", "data.m[].v"),
            "{\"data\": {\"m\": [{\"n\": 7, \"v\": 1}], \"x\": []}}",
            "plant/7@0=1.0"));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void readsEveryElement(String form, EventMapping mapping, String json, String expected) {
    DecodedEvent event = read(mapping, json);

    assertThat(describe(event)).isEqualTo(expected);
    assertThat(event.refused()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void readsWhatItWrites(String form, EventMapping mapping, String json, String expected) {
    EventDecoder decoder = new EventDecoder(mapping);
    EventEncoder encoder = new EventEncoder(mapping, "");

    for (Observation observation : read(mapping, json).observations()) {
      byte[] event = encoder.encode(observation);

      assertThat(decoder.decode(encoder.key(observation), event, observation.timestampMs()))
          .isEqualTo(new DecodedEvent("", List.of(observation), Map.of()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"n\":\"b\",\"v\":\"x1\"} | b=m[].v: expected a number",
        "{\"n\":\"b\",\"v\":true} | b=field m[].v: expected a number, got a Boolean; events.value-words"
            + " gives numbers for true and false",
        "{\"n\":\"b\",\"v\":[1]} | b=field m[].v: expected a number, got START_ARRAY",
        "{\"n\":\"b\",\"v\":{}} | b=field m[].v: expected a number, got START_OBJECT",
        "{\"n\":\"b\",\"v\":1e36} | b=m[].v: expected a number within ±1e35",
        "{\"n\":\"b\",\"v\":1e999} | b=m[].v: expected a finite number",
        "{\"v\":1} | m[1]=field m[].n is missing: expected a part of the series name",
        "{\"n\":\"\",\"v\":1} | m[1]=field m[].n is empty: expected a part of the series name",
        "{\"n\":{},\"v\":1} | m[1]=field m[].n: expected a string or an integer as a part of the"
            + " series name, got START_OBJECT",
        "{\"n\":\"b\",\"v\":1,\"timestamp\":[]} | m[1]=field m[].timestamp: expected epoch"
            + " milliseconds or an ISO-8601 time, got START_ARRAY",
        "7 | m[1]=m[]: expected objects, got VALUE_NUMBER_INT",
        "[1] | m[1]=m[]: expected objects, got START_ARRAY",
        "{\"n\":\"b\"} | ",
        "{\"n\":\"b\",\"v\":null} | ",
        "{\"n\":\"b\",\"v\":NaN} | ",
        "{\"n\":\"b\",\"v\":\"N/A\"} | ",
        "null | ",
        "{} | ",
      })
  void badElementCostsOnlyItself(String element, String refused) {
    DecodedEvent event =
        read(
            mapping("m[].n", "default", "", "m[].v"),
            "{\"m\":[{\"n\":\"a\",\"v\":1},%s,{\"n\":\"c\",\"v\":3}]}".formatted(element));

    assertThat(describe(event)).isEqualTo("a@0=1.0 c@0=3.0");
    assertThat(
            event.refused().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" ")))
        .isEqualTo(refused == null ? "" : refused);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | field m[].v is missing: expected a number in at least one element",
        "{\"m\":[]} | field m[].v is missing: expected a number in at least one element",
        "{\"m\":null} | field m[].v is missing: expected a number in at least one element",
        "{\"m\":[{\"n\":\"a\",\"v\":NaN}]} | field m[].v is missing: expected a number in at least"
            + " one element",
        "{\"m\":{\"v\":1}} | field m: expected a list, got START_OBJECT",
        "{\"m\":5} | field m: expected a list, got VALUE_NUMBER_INT",
        "[{\"v\":1}] | expected a JSON object, got a list: name the fields of its elements by paths"
            + " such as [].value",
        "{\"m\":[{\"n\":\"a\",\"v\":1} | not valid JSON",
      })
  void rejectsEventWithoutElements(String json, String reason) {
    assertThatThrownBy(() -> read(mapping("m[].n", "default", "", "m[].v"), json))
        .isInstanceOfSatisfying(
            InvalidRecordException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void rejectsSenmlBaseFieldsAndObjectsInPlaceOfLists() {
    EventMapping senml = mapping("[].n", "[].t", "s", "[].v");

    assertThatThrownBy(
            () -> read(senml, "[{\"n\":\"a\",\"v\":1,\"t\":-5,\"bn\":\"urn:\",\"bt\":1767225600}]"))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageStartingWith("SenML base fields");
    assertThatThrownBy(() -> read(senml, "{\"n\":\"a\",\"v\":1,\"t\":1}"))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("expected a JSON list, for the paths that begin with []");
  }

  @Test
  void rejectsTooManyElements() {
    String elements = "{\"v\":1},".repeat(EventFields.MAX_ELEMENTS) + "{\"v\":1}";

    assertThatThrownBy(
            () ->
                read(mapping("record", "default", "", "m[].v"), "{\"m\":[%s]}".formatted(elements)))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("expected at most 10000 list elements");
  }

  @Test
  void invalidNestedListIsReported() {
    DecodedEvent event =
        read(
            mapping("a[].n", "record", "", "a[].b[].v"),
            "{\"a\":[{\"n\":\"x\",\"b\":[{\"v\":1}]},{\"n\":\"y\",\"b\":{\"v\":2}}]}");

    assertThat(describe(event)).isEqualTo("x@0=1.0");
    assertThat(event.refused())
        .containsExactly(Map.entry("a[1]", "field a[].b: expected a list, got START_OBJECT"));
  }

  @Test
  void covariatesOfElementAndEventAreJoined() {
    EventMapping mapping =
        EventMapping.json(
            new SeriesKey(List.of("m[].n"), "/"),
            EventTime.RECORD_TIMESTAMP,
            List.of("m[].v"),
            List.of("m[].load", "outside"));

    DecodedEvent event =
        read(
            mapping,
            "{\"m\":[{\"n\":\"a\",\"v\":1,\"load\":2},{\"n\":\"b\",\"v\":1},"
                + "{\"n\":\"c\",\"v\":1,\"load\":\"heavy\"}],\"outside\":-3}");

    assertThat(event.observations())
        .extracting(Observation::covariates)
        .containsExactly(
            new Covariates(Map.of("m[].load", 2.0, "outside", -3.0)),
            new Covariates(Map.of("outside", -3.0)));
    assertThat(event.refused()).containsOnlyKeys("m[2]");
  }

  @ParameterizedTest
  @CsvSource({
    "a[].n, record, 'a[].v,v', value: expected fields of the same list",
    "b[].n, record, a[].v, key: expected a field of the elements",
    "a[].n, b[].t, a[].v, timestamp: expected a field of the elements",
    "a[].b[].n, record, a[].v, key: expected a field of the elements",
    "a[].n, record, a[0].v, value: an index of a list is not supported",
    "a[].n, record, a[][].v, value: expected a field name or a path"
  })
  void refusesPathsOfDifferentLists(String key, String time, String values, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> mapping(key, time, "ms", values))
        .withMessageStartingWith(message);
  }

  private static final Schema BATCH =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Batch", "fields": [
                {"name": "metrics", "type": ["null", {"type": "array", "items": ["null", "string",
                  {"type": "record", "name": "Metric", "fields": [
                    {"name": "value", "type": ["null", "double", "string", "boolean"]},
                    {"name": "name", "type": ["null", "string"]},
                    {"name": "tags", "type": {"type": "map", "values": "string"}},
                    {"name": "points", "type": {"type": "array", "items": "double"}},
                    {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]}
                  ]}]}]},
                {"name": "device", "type": "string"}
              ]}
              """);

  private static byte[] avro(String json) {
    try {
      GenericRecord record =
          new GenericDatumReader<GenericRecord>(BATCH)
              .read(null, DecoderFactory.get().jsonDecoder(BATCH, json));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(BATCH).write(record, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static EventMapping avroMapping(String key, String values) {
    return new EventMapping(
        new EventEncoding(EventFormat.AVRO, BATCH, true, null),
        new SeriesKey(List.of(key.split(",")), "/"),
        values.contains("points")
            ? EventTime.RECORD_TIMESTAMP
            : EventTime.ofField("metrics[].at", TimestampFormat.AUTO),
        List.of(values.split(",")),
        List.of());
  }

  private static String metric(String value, String name, long second) {
    return """
        {"Metric": {"value": %s, "name": %s, "tags": {"rack": "r1"}, "points": [1.0, 2.0],
          "at": {"long": %d}}}
        """
        .formatted(value, name, TIME + 1000 * second);
  }

  private static byte[] batch(String... metrics) {
    return avro(
        "{\"metrics\": {\"array\": [%s]}, \"device\": \"d1\"}"
            .formatted(String.join(",", metrics)));
  }

  @Test
  void readsAvroElements() {
    byte[] event =
        batch(
            metric("{\"double\": 1.5}", "{\"string\": \"t\"}", 1),
            metric("{\"string\": \"2.5\"}", "{\"string\": \"h\"}", 2),
            "null",
            metric("null", "{\"string\": \"p\"}", 3));

    DecodedEvent read =
        new EventDecoder(avroMapping("device,metrics[].name", "metrics[].value"))
            .decode(KEY, event, TIME);
    DecodedEvent points =
        new EventDecoder(avroMapping("metrics[].tags.rack", "metrics[].points[]"))
            .decode(KEY, batch(metric("null", "null", 1)), TIME);

    assertThat(describe(read)).isEqualTo("d1/t@1=1.5 d1/h@2=2.5");
    assertThat(read.refused()).isEmpty();
    assertThat(describe(points)).isEqualTo("r1@0=1.0 r1@0=2.0");
  }

  @Test
  void badAvroElementCostsOnlyItself() {
    byte[] event =
        batch(
            metric("{\"double\": 1.5}", "{\"string\": \"t\"}", 1),
            metric("{\"string\": \"20d\"}", "{\"string\": \"h\"}", 2),
            metric("{\"boolean\": true}", "{\"string\": \"b\"}", 2),
            metric("{\"double\": 2.5}", "null", 2),
            "{\"string\": \"x\"}",
            metric("{\"double\": 3.5}", "{\"string\": \"z\"}", 4));

    DecodedEvent read =
        new EventDecoder(avroMapping("metrics[].name", "metrics[].value")).decode(KEY, event, TIME);

    assertThat(describe(read)).isEqualTo("t@1=1.5 z@4=3.5");
    assertThat(read.refused()).containsOnlyKeys("h", "b", "metrics[3]", "metrics[4]");
    assertThat(read.refused())
        .containsEntry("metrics[4]", "metrics[]: expected records, got STRING")
        .containsEntry("h", "metrics[].value: expected a number");
  }

  @Test
  void readsWhatItWritesInAvro() {
    EventMapping mapping = avroMapping("device,metrics[].name", "metrics[].value");
    Observation observation = new Observation("d1/t", TIME, 2.5);
    EventEncoder encoder = new EventEncoder(mapping, "");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.encode(observation))
        .withMessageContaining("metrics[].tags");
  }
}
