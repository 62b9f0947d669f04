package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.DecodedEvent;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Avro events of a foreign schema, written by Avro's own writers. */
class AvroEventsTest {
  private static final byte[] KEY = "a".getBytes(UTF_8);
  private static final Schema METER =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Meter", "namespace": "plant", "fields": [
                {"name": "id", "type": {"type": "record", "name": "Id", "fields": [
                  {"name": "site", "type": {"type": "enum", "name": "Site", "symbols": ["NORTH", "SOUTH"]}},
                  {"name": "number", "type": "int"}]}},
                {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]},
                {"name": "junk", "type": {"type": "array", "items": ["null", "string", "Id"]}},
                {"name": "readings", "type": {"type": "map", "values": ["null", "double", "string"]}},
                {"name": "power", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 3}]},
                {"name": "open", "type": ["null", "boolean"], "default": null},
                {"name": "next", "type": ["null", "Meter"], "default": null},
                {"name": "ahead", "type": ["null", {"type": "map", "values": {"type": "array", "items": ["null", "double"]}}], "default": null}
              ]}
              """);
  private static final EventMapping MAPPING =
      new EventMapping(
          new EventEncoding(EventFormat.AVRO, METER, false, null),
          new SeriesKey(List.of("id.site", "id.number"), "/"),
          EventTime.ofField("at", TimestampFormat.AUTO),
          List.of("readings.t", "power"),
          List.of("open"));

  private static GenericRecord meter() {
    GenericRecord id = new GenericData.Record(METER.getField("id").schema());
    id.put("site", new GenericData.EnumSymbol(id.getSchema().getField("site").schema(), "SOUTH"));
    id.put("number", 7);
    GenericRecord meter = new GenericData.Record(METER);
    meter.put("id", id);
    meter.put("at", 1_500_999L);
    meter.put("junk", Arrays.asList(null, "x".repeat(100), id));
    meter.put("readings", Map.of("t", 21.5, "other", "x"));
    meter.put("power", ByteBuffer.wrap(new BigDecimal("-12.345").unscaledValue().toByteArray()));
    meter.put("open", true);
    meter.put("ahead", Map.of("open", Arrays.asList(1.0, null, 0.0)));
    return meter;
  }

  private static byte[] plain(GenericRecord record) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] singleObject(GenericRecord record) {
    try {
      ByteBuffer bytes =
          new BinaryMessageEncoder<GenericRecord>(GenericData.get(), record.getSchema())
              .encode(record);
      byte[] array = new byte[bytes.remaining()];
      bytes.get(array);
      return array;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static EventMapping plain(Schema schema, String value) {
    return new EventMapping(
        new EventEncoding(EventFormat.AVRO, schema, true, null),
        SeriesKey.RECORD_KEY,
        EventTime.RECORD_TIMESTAMP,
        List.of(value),
        List.of());
  }

  private static Schema record(String fields) {
    return new Schema.Parser()
        .parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[%s]}".formatted(fields));
  }

  @Test
  void readsMappedFieldsOfForeignSchema() {
    DecodedEvent event = new EventDecoder(MAPPING).decode(null, singleObject(meter()), 7);

    Covariates open = new Covariates(Map.of("open", 1.0));
    FutureCovariates ahead = FutureCovariates.of(Map.of("open", new double[] {1, Double.NaN, 0}));
    assertThat(event)
        .isEqualTo(
            new DecodedEvent(
                "SOUTH/7",
                List.of(
                    new Observation("SOUTH/7/readings.t", 1500, 21.5, open, ahead),
                    new Observation("SOUTH/7/power", 1500, -12.345, open, ahead)),
                Map.of()));
  }

  @Test
  void nullIsMissingAndInvalidValueIsRejectedAlone() {
    GenericRecord meter = meter();
    meter.put("readings", Map.of("t", "broken"));
    GenericRecord sparse = meter();
    sparse.put("power", null);
    EventDecoder decoder = new EventDecoder(MAPPING);

    DecodedEvent broken = decoder.decode(null, singleObject(meter), 7);

    assertThat(broken.observations())
        .extracting(Observation::series)
        .containsExactly("SOUTH/7/power");
    assertThat(broken.refused())
        .containsExactly(
            Map.entry(
                "SOUTH/7/readings.t",
                "readings.t: expected a number; events.value-words gives numbers for words"));
    assertThat(decoder.decode(null, singleObject(sparse), 7).observations())
        .extracting(Observation::series)
        .containsExactly("SOUTH/7/readings.t");
  }

  @Test
  void rejectsNullTimestamp() {
    GenericRecord meter = meter();
    meter.put("at", null);

    assertThatThrownBy(() -> new EventDecoder(MAPPING).decode(null, singleObject(meter), 7))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("field at: expected epoch milliseconds or an ISO-8601 time, got null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"} | auto | 1500",
        "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"} | s | 1",
        "{\"type\":\"long\",\"logicalType\":\"timestamp-nanos\"} | auto | 0",
        "\"long\" | ms | 1500",
        "\"long\" | s | 1500000",
        "\"int\" | s | 1500000",
      })
  void logicalTypeOverridesTimestampFormat(String type, String format, long expectedMs) {
    Schema schema =
        record(
            "{\"name\":\"t\",\"type\":%s},{\"name\":\"value\",\"type\":\"int\"}".formatted(type));
    EventMapping mapping =
        new EventMapping(
            new EventEncoding(EventFormat.AVRO, schema, true, null),
            SeriesKey.RECORD_KEY,
            EventTime.ofField("t", TimestampFormat.of(format)),
            List.of("value"),
            List.of());
    byte[] event = HexFormat.of().parseHex("b8170a");

    assertThat(new EventDecoder(mapping).decode(KEY, event, 7).observations())
        .containsExactly(new Observation("a", expectedMs, 5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "timestamp-millis | 1706688000000 | 2024-01-31T08:00:00Z",
        "timestamp-micros | 1706688000000000 | 2024-01-31T08:00:00Z",
        "timestamp-nanos | 1706688000000000000 | 2024-01-31T08:00:00Z",
        "local-timestamp-millis | 1706688000000 | 2024-01-31T07:00:00Z",
        "local-timestamp-micros | 1706688000000000 | 2024-01-31T07:00:00Z",
        "local-timestamp-nanos | 1706688000000000000 | 2024-01-31T07:00:00Z",
        "date | 19753 | 2024-01-30T23:00:00Z",
        "org.apache.kafka.connect.data.Timestamp | 1706688000000 | 2024-01-31T08:00:00Z",
        "org.apache.kafka.connect.data.Date | 19753 | 2024-01-30T23:00:00Z",
        "io.debezium.time.Timestamp | 1706688000000 | 2024-01-31T07:00:00Z",
        "io.debezium.time.MicroTimestamp | 1706688000000000 | 2024-01-31T07:00:00Z",
        "io.debezium.time.NanoTimestamp | 1706688000000000000 | 2024-01-31T07:00:00Z",
        "io.debezium.time.ZonedTimestamp | 2024-01-31T08:00:00.000000Z | 2024-01-31T08:00:00Z",
        "io.debezium.time.Date | 19753 | 2024-01-30T23:00:00Z",
        "io.debezium.time.Year | 2024 | 2023-12-31T23:00:00Z",
      })
  void readsTimeByLogicalType(String type, String content, Instant expected) {
    TimeEvent event = timeEvent(type, content);

    assertThat(read(event, ZoneId.of("Europe/Paris")))
        .containsExactly(new Observation("a", expected.toEpochMilli(), 5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local-timestamp-millis",
        "local-timestamp-micros",
        "local-timestamp-nanos",
        "date",
        "org.apache.kafka.connect.data.Date",
        "io.debezium.time.Timestamp",
        "io.debezium.time.MicroTimestamp",
        "io.debezium.time.NanoTimestamp",
        "io.debezium.time.Date",
        "io.debezium.time.Year",
      })
  void rejectsLocalTimeWithoutZone(String type) {
    TimeEvent event = timeEvent(type, "2024");

    assertThatThrownBy(() -> read(event, null))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(
            "field t: expected epoch milliseconds or an ISO-8601 time, got a time without a zone:"
                + " set events.zone: the field holds 2024");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "time-millis",
        "time-micros",
        "org.apache.kafka.connect.data.Time",
        "io.debezium.time.Time",
        "io.debezium.time.MicroTime",
        "io.debezium.time.NanoTime",
      })
  void rejectsTimeOfDay(String type) {
    TimeEvent event = timeEvent(type, "2024");

    assertThatThrownBy(() -> read(event, ZoneId.of("UTC")))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("field t: expected a point in time, got a %s", type);
  }

  /** An event whose time has a logical type, or a type of Kafka Connect. */
  private record TimeEvent(Schema schema, Object time) {}

  private static TimeEvent timeEvent(String type, String content) {
    boolean isText = content.contains("-");
    boolean isInt = content.length() < 10 && !type.contains("micros") && !type.contains("nanos");
    String plain = isText ? "string" : isInt && !type.contains("timestamp") ? "int" : "long";
    String property = type.contains(".") ? "connect.name" : "logicalType";
    Schema schema =
        record(
            "{\"name\":\"t\",\"type\":[\"null\",{\"type\":\"%s\",\"%s\":\"%s\"}]},"
                    .formatted(plain, property, type)
                + "{\"name\":\"value\",\"type\":\"int\"}");
    Object time =
        isText
            ? content
            : plain.equals("int") ? (Object) Integer.valueOf(content) : Long.valueOf(content);
    return new TimeEvent(schema, time);
  }

  private static List<Observation> read(TimeEvent event, @Nullable ZoneId zone) {
    GenericRecord record = new GenericData.Record(event.schema());
    record.put("t", event.time());
    record.put("value", 5);
    EventMapping mapping =
        new EventMapping(
            new EventEncoding(EventFormat.AVRO, event.schema(), true, null),
            SeriesKey.RECORD_KEY,
            EventTime.ofField("t", TimestampFormat.AUTO).withZone(zone),
            List.of("value"),
            List.of());
    return new EventDecoder(mapping).decode(KEY, plain(record), 7).observations();
  }

  @Test
  void decodesEventEncodedWithUserSchema() {
    Observation observation =
        new Observation(
            "NORTH/3/power", 1_767_225_600_123L, 2.5, new Covariates(Map.of("open", 1.0)));
    Schema schema =
        record(
            """
            {"name": "site", "type": "string"}, {"name": "nr", "type": "int"},
            {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
            {"name": "power", "type": ["null", "float"], "default": null},
            {"name": "load", "type": ["null", "double"], "default": null},
            {"name": "more", "type": {"type": "record", "name": "M", "fields": [
              {"name": "open", "type": "double"}]}},
            {"name": "unit", "type": "string", "default": "kW"}
            """);
    EventMapping mapping =
        new EventMapping(
            new EventEncoding(EventFormat.AVRO, schema, false, null),
            new SeriesKey(List.of("site", "nr"), "/"),
            EventTime.ofField("at", TimestampFormat.AUTO),
            List.of("power", "load"),
            List.of("more.open"));
    Observation named =
        new Observation(
            "NORTH/3/power",
            observation.timestampMs(),
            2.5,
            new Covariates(Map.of("more.open", 1.0)));

    byte[] event = new EventEncoder(mapping, "").encode(named);

    assertThat(new EventDecoder(mapping).decode(null, event, 7))
        .isEqualTo(new DecodedEvent("NORTH/3", List.of(named), Map.of()));
  }

  @Test
  void readsSensorEventByDefault() {
    Observation observation = new Observation("a", 1_700_000_000_123L, -12.5e-3);
    byte[] event = new EventEncoder(EventFormat.AVRO).encode(observation);

    assertThat(event).startsWith(0xC3, 1);
    assertThat(
            new EventDecoder(EventMapping.defaults(EventFormat.AVRO, List.of()))
                .decode(KEY, event, 7)
                .observations())
        .containsExactly(observation);
  }

  @Test
  void rejectsUnknownHeaderWithReason() {
    byte[] json = "{\"a\":1}".getBytes(UTF_8);
    byte[] framed = {0, 0, 0, 0, 7, 1};

    assertThatThrownBy(() -> new EventDecoder(MAPPING).decode(KEY, json, 7))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(
            "expected an Avro event that starts with C3 01 and the fingerprint of the schema of"
                + " events.schema, got 7B");
    assertThatThrownBy(() -> new EventDecoder(MAPPING).decode(KEY, framed, 7))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("value refers to a schema registry: set schema.registry.url");
  }

  /** Lists and strings whose announced length exceeds the event. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"array\",\"items\":\"null\"} | feffffffffffffffff01",
        "{\"type\":\"array\",\"items\":\"null\"} | 8080808008",
        "{\"type\":\"array\",\"items\":\"int\"} | ffffffffffffffffff01",
        "{\"type\":\"map\",\"values\":\"int\"} | 80a8d6b907",
        "\"string\" | 80a8d6b907",
        "\"bytes\" | ffffffffffffffffff01",
        "\"long\" | ffffffffffffffffffff01",
        "\"long\" | ``",
      })
  void rejectsAbsurdLengthBeforeAllocating(String type, String hex) {
    Schema schema =
        record(
            "{\"name\":\"x\",\"type\":%s},{\"name\":\"value\",\"type\":\"int\"}".formatted(type));
    EventDecoder decoder = new EventDecoder(plain(schema, "value"));

    assertThatThrownBy(() -> decoder.decode(KEY, HexFormat.of().parseHex(hex), 7))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageStartingWith("not valid Avro: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 10_000, 500_000})
  void rejectsDeeplyNestedRecord(int depth) {
    Schema schema =
        record(
            "{\"name\":\"next\",\"type\":[\"null\",\"R\"]},{\"name\":\"value\",\"type\":\"int\"}");
    byte[] deep = new byte[depth];
    Arrays.fill(deep, (byte) 2);

    assertThatThrownBy(() -> new EventDecoder(plain(schema, "value")).decode(KEY, deep, 7))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("not an event: nested more than 64 levels deep");
  }

  @Test
  void rejectsSchemaThatContainsItselfDirectly() {
    Schema schema =
        record("{\"name\":\"next\",\"type\":\"R\"},{\"name\":\"value\",\"type\":\"int\"}");

    assertThatThrownBy(() -> new EventDecoder(plain(schema, "value")).decode(KEY, new byte[10], 7))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("not an event: nested more than 64 levels deep");
  }

  @Test
  void rejectsTrailingBytes() {
    Schema schema = record("{\"name\":\"value\",\"type\":\"int\"}");

    assertThatThrownBy(
            () -> new EventDecoder(plain(schema, "value")).decode(KEY, new byte[] {2, 2}, 7))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("does not match its schema: 1 bytes left after the event");
  }

  /** Mutated events must yield observations or an {@link InvalidRecordException}, nothing else. */
  @Test
  void decodesOrRejectsMutatedBytes() {
    SplittableRandom random = new SplittableRandom(11);
    byte[] valid = singleObject(meter());
    EventDecoder decoder = new EventDecoder(MAPPING);
    int rejected = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] mutated = Arrays.copyOf(valid, valid.length - random.nextInt(3) * random.nextInt(20));
      for (int j = random.nextInt(4); j >= 0; j--) {
        mutated[10 + random.nextInt(mutated.length - 10)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(decoder.decode(null, mutated, 7)).isNotNull();
      } catch (InvalidRecordException e) {
        rejected++;
      }
    }
    assertThat(rejected).isBetween(1, 199_999);
  }

  @Test
  void countsIntegersThatAreRounded() {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Reading", "fields": [{"name": "value", "type": [
                  "long", "string",
                  {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 1}]}]}
                """);
    EventDecoder decoder =
        new EventDecoder(
            new EventMapping(
                new EventEncoding(EventFormat.AVRO, schema, true, null),
                SeriesKey.RECORD_KEY,
                EventTime.RECORD_TIMESTAMP,
                List.of(EventMapping.VALUE),
                List.of()));
    List<Object> values =
        List.of(
            9007199254740992L,
            9007199254740993L,
            "9007199254740993",
            ByteBuffer.wrap(new BigInteger("90071992547409930").toByteArray()),
            ByteBuffer.wrap(new BigInteger("90071992547409925").toByteArray()));
    List<Long> rounded = new ArrayList<>();
    for (Object value : values) {
      GenericRecord reading = new GenericData.Record(schema);
      reading.put("value", value);
      var unused = decoder.decode("a".getBytes(UTF_8), plain(reading), 7);
      rounded.add(decoder.takeRoundedIntegers());
    }

    assertThat(rounded).containsExactly(0L, 1L, 1L, 1L, 0L);
  }

  @Test
  void readsPlainAvroWithConfiguredSchema() {
    EventMapping mapping =
        new EventMapping(
            new EventEncoding(EventFormat.AVRO, METER, true, null),
            MAPPING.key(),
            MAPPING.time(),
            MAPPING.values(),
            MAPPING.covariates());

    assertThat(new EventDecoder(mapping).decode(null, plain(meter()), 7))
        .isEqualTo(new EventDecoder(MAPPING).decode(null, singleObject(meter()), 7));
  }
}
